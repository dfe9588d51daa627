#pragma once

#include <QWidget>
#include <optional>

#include "engine/tasks/landscape_task.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tarn::ui {

class Field;

/// Which plane is sampled and how finely, where it is kept, and what that costs.
class SamplingPanel : public QWidget {
  Q_OBJECT

 public:
  explicit SamplingPanel(QWidget* parent = nullptr);

  /// Nothing when a field is wrong; the field then says so.
  std::optional<LandscapeRequest> request();
  QString projectPath() const;
  void setProjectPath(const QString& path);
  /// Says beside the field when no project is named; true when one is.
  bool checkProject();
  void setDirections(const QString& directions);
  /// How long a point took last time, and how many samples a point evaluates; nothing: unknown.
  void setCost(std::optional<double> secondsPerPoint, std::optional<double> samplesPerPoint);
  void setRunning(bool running);

 Q_SIGNALS:
  void startRequested();

 private:
  void showCost();
  void browseProject();

  QComboBox* directions_;
  QLineEdit* steps_;
  QComboBox* range_;
  QComboBox* normalize_;
  QLineEdit* project_;
  QLabel* cost_;
  QPushButton* start_;
  Field* directionsField_;
  Field* stepsField_;
  Field* rangeField_;
  Field* projectField_;
  std::optional<double> secondsPerPoint_;
  std::optional<double> samplesPerPoint_;
};

}  // namespace tarn::ui
