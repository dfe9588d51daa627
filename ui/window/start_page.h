#pragma once

#include <QWidget>

class QVBoxLayout;

namespace tarn::ui {

/// What the window shows when nothing is open: how to begin.
class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  void showRecent(const QStringList& files);

 Q_SIGNALS:
  void openRequested();
  void newExperimentRequested();
  void fileRequested(const QString& path);

 private:
  QVBoxLayout* recent_;
};

}  // namespace tarn::ui
