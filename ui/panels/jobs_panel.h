#pragma once

#include <QElapsedTimer>
#include <QWidget>
#include <cstdint>

class QLabel;
class QProgressBar;
class QPushButton;
class QTimer;
class QVBoxLayout;

namespace tarn::ui {

/// How far a job is; `total` 0: not known. A negative ETA: not known.
struct JobProgress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  QString stage;
  QString note;
  double etaSeconds = -1;
};

enum class JobEnd { complete, cancelled, failed };

/// One job: its name, progress, elapsed and remaining time, Cancel; after its end what became of
/// it.
class JobRow : public QWidget {
  Q_OBJECT

 public:
  JobRow(const QString& name, QWidget* parent);
  void setProgress(const JobProgress& progress);
  void setStopping();
  void setEnd(JobEnd end, const QString& summary);
  bool running() const { return running_; }

 Q_SIGNALS:
  void cancelRequested();

 private:
  void showTime();

  QString name_;
  QLabel* title_;
  QProgressBar* bar_;
  QLabel* state_;
  QPushButton* cancel_;
  QTimer* tick_;
  QElapsedTimer clock_;
  JobProgress progress_;
  bool running_ = true;
};

/// The jobs of this session, the latest first.
class JobsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit JobsPanel(QWidget* parent = nullptr);
  JobRow* addJob(const QString& name);

 private:
  QVBoxLayout* rows_;
  QLabel* empty_;
};

}  // namespace tarn::ui
