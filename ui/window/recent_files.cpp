#include "ui/window/recent_files.h"

#include <QSettings>

namespace tarn::ui {
namespace {

const QString key = QStringLiteral("recentFiles");
constexpr qsizetype most = 10;

}  // namespace

QStringList recentFiles() {
  return QSettings().value(key).toStringList();
}

void addRecentFile(const QString& path) {
  QStringList files = recentFiles();
  files.removeAll(path);
  files.prepend(path);
  QSettings().setValue(key, QStringList(files.mid(0, most)));
}

void clearRecentFiles() {
  QSettings().remove(key);
}

}  // namespace tarn::ui
