#pragma once

#include <QWidget>
#include <optional>
#include <string>
#include <vector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tarn::ui {

class Field;

/// How long points take, as it was measured.
struct MeasuredSpeed {
  double secondsPerPoint = 0;  ///< of one worker
  double workers = 1;
};

/// What is kept of every point of a landscape, where, and what the sampling costs.
class SamplingPanel : public QWidget {
  Q_OBJECT

 public:
  explicit SamplingPanel(QWidget* parent = nullptr);

  /// What is sampled beside loss, standard error and accuracy, in the words of --quantity.
  std::vector<std::string> quantities() const;
  QString projectPath() const;
  void setProjectPath(const QString& path);
  /// Says beside the field when no project is named; true when one is.
  bool checkProject();
  /// How many points are to be computed.
  void setPoints(double points);
  /// How long a point took last time, and how many samples a point evaluates; nothing: unknown.
  void setCost(std::optional<double> secondsPerPoint, std::optional<double> samplesPerPoint);
  /// What was measured for these points; nothing: it was for others.
  void setMeasured(std::optional<MeasuredSpeed> speed);
  void setRunning(bool running);

 Q_SIGNALS:
  void startRequested();
  /// The speed is to be measured.
  void estimateRequested();

 private:
  void showCost();
  QString timeText() const;
  void browseProject();

  QCheckBox* classLoss_;
  QCheckBox* gradientNorm_;
  QLineEdit* project_;
  QLabel* cost_;
  QPushButton* estimate_;
  QPushButton* start_;
  Field* projectField_;
  double points_ = 0;
  std::optional<double> secondsPerPoint_;
  std::optional<double> samplesPerPoint_;
  std::optional<MeasuredSpeed> measured_;
};

}  // namespace tarn::ui
