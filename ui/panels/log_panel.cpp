#include "ui/panels/log_panel.h"

#include <QFontDatabase>
#include <QTime>

#include "ui/actions/action.h"

namespace tarn::ui {

LogPanel::LogPanel(QWidget* parent) : QPlainTextEdit(parent) {
  describe(this, "logText", tr("Log"), tr("What happened in this session"));
  setToolTip({});
  setReadOnly(true);
  setMaximumBlockCount(5000);
  setFrameShape(QFrame::NoFrame);
  setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

void LogPanel::add(const QString& line) {
  appendPlainText(QTime::currentTime().toString("HH:mm:ss  ") + line);
}

}  // namespace tarn::ui
