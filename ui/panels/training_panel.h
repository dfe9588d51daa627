#pragma once

#include <QWidget>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/protocol/optimizer_spec.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace tarn::ui {

class Field;
class OptimizerOptions;

/// What the panel asks for: all optimizers with the same settings.
struct TrainingWish {
  std::vector<OptimizerSpec> optimizers;
  /// Run settings of the pipe, but for the validation, and which SMAD is measured (SmadWish).
  nlohmann::json settings;
  std::string validation;  ///< as validationFromText reads it; empty: none
  std::size_t jobs = 0;    ///< runs at a time; 0: one a core
};

/// Which optimizers are trained, and how. The list of all optimizers with their options is the
/// engine's; it is asked for when the first one is added.
class TrainingPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TrainingPanel(QWidget* parent = nullptr);

  /// Nothing when a field is wrong or no optimizer is chosen; it is then said beside the field.
  std::optional<TrainingWish> wish();
  /// What the engine has; offers them at once when the panel is looked at.
  void setOptimizers(const nlohmann::json& list);
  bool knowsOptimizers() const { return !known_.empty(); }
  /// Says why there are none.
  void setOptimizersProblem(const QString& problem);
  void addOptimizer(const OptimizerSpec& spec);
  void setRunning(bool running);
  /// Whether the project has runs to go on with.
  void setCanContinue(bool can);

 Q_SIGNALS:
  void optimizersWanted();
  void startRequested();
  void continueRequested();

 private:
  void offerOptimizers();
  void showSelected();
  void takeOptions();
  void removeSelected();
  const nlohmann::json* describedAs(const std::string& name) const;

  nlohmann::json known_ = nlohmann::json::array();
  std::vector<OptimizerSpec> specs_;
  QListWidget* list_;
  QToolButton* add_;
  QToolButton* remove_;
  OptimizerOptions* options_;
  QSpinBox* epochs_;
  QSpinBox* batch_;
  QComboBox* schedule_;
  QLineEdit* clip_;
  QLineEdit* validation_;
  QLineEdit* snapshots_;
  QCheckBox* smad_;
  QSpinBox* smadEvery_;
  QSpinBox* jobs_;
  QPushButton* start_;
  QPushButton* continue_;
  Field* listField_;
  Field* scheduleField_;
  Field* clipField_;
  Field* validationField_;
  Field* snapshotsField_;
  bool running_ = false;
  bool canContinue_ = false;
};

}  // namespace tarn::ui
