#pragma once

#include <QPlainTextEdit>

namespace tarn::ui {

/// What happened, line by line with the time; the last 5,000 lines.
class LogPanel : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit LogPanel(QWidget* parent = nullptr);
  void add(const QString& line);
};

}  // namespace tarn::ui
