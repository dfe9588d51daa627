#pragma once

#include <QWidget>
#include <optional>
#include <string>
#include <vector>

#include "engine/tasks/landscape_task.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tarn::ui {

class Field;
class GrowthForm;

/// How long points take, as it was measured.
struct MeasuredSpeed {
  double secondsPerPoint = 0;  ///< of one worker
  double workers = 1;
};

/// What is sampled: a new landscape, what is kept of its points and where, or more of the one that
/// is shown. And what that costs.
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
  /// The grid of a new landscape.
  void setGrid(std::size_t axes, double points);
  /// The landscape that can grow, and how many of its points are computed; null: none.
  void setBase(const StoredLandscape* landscape, double computed);
  /// Whether that one is to grow, instead of a new one being sampled.
  bool grows() const;
  /// Only when grows().
  std::int64_t base() const;
  /// How it is to grow. Nothing when a field is wrong, which then says so.
  std::optional<LandscapeChange> change();
  void setRuns(const QStringList& runs);
  /// What a measured speed is of: it is not that of other axes, or of another landscape.
  QString speedKey() const;
  /// How long a point took last time, and how many samples a point evaluates; nothing: unknown.
  void setCost(std::optional<double> secondsPerPoint, std::optional<double> samplesPerPoint);
  /// What was measured for a speedKey(); nothing: it holds no more.
  void setMeasured(const QString& key, std::optional<MeasuredSpeed> speed);
  void setRunning(bool running);

 Q_SIGNALS:
  void startRequested();
  /// The speed is to be measured.
  void estimateRequested();

 private:
  void showWhat();
  void showCost();
  QString timeText(double points) const;
  void browseProject();

  QFormLayout* form_;
  QComboBox* what_;
  GrowthForm* growth_;
  QCheckBox* classLoss_;
  QCheckBox* gradientNorm_;
  QLineEdit* project_;
  QLabel* cost_;
  QPushButton* estimate_;
  QPushButton* start_;
  QWidget* quantities_;
  Field* projectField_;
  std::size_t axes_ = 0;
  double points_ = 0;
  std::optional<double> secondsPerPoint_;
  std::optional<double> samplesPerPoint_;
  QString measuredKey_;
  std::optional<MeasuredSpeed> measured_;
};

}  // namespace tarn::ui
