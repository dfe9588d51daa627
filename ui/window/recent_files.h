#pragma once

#include <QStringList>

namespace tarn::ui {

/// The files opened last, the latest first; kept in the user's settings.
QStringList recentFiles();
void addRecentFile(const QString& path);
void clearRecentFiles();

}  // namespace tarn::ui
