#pragma once

#include <QWidget>
#include <optional>

#include "engine/tasks/spectrum_task.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace tarn::ui {

class Field;

/// What of the curvature is computed at the model.
class SpectrumPanel : public QWidget {
  Q_OBJECT

 public:
  explicit SpectrumPanel(QWidget* parent = nullptr);

  /// Nothing when a field is wrong, or nothing is asked for; the field then says so.
  std::optional<SpectrumRequest> request();
  void setRunning(bool running);

 Q_SIGNALS:
  void startRequested();

 private:
  QSpinBox* top_;
  QSpinBox* bottom_;
  QLineEdit* tolerance_;
  QComboBox* operator_;
  QComboBox* method_;
  QSpinBox* splits_;
  QLineEdit* inflation_;
  QCheckBox* density_;
  QCheckBox* layers_;
  QCheckBox* weights_;
  QPushButton* start_;
  Field* bottomField_;
  Field* toleranceField_;
  Field* inflationField_;
};

}  // namespace tarn::ui
