#pragma once

#include <QWidget>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/protocol/optimizer_spec.h"

class QFormLayout;

namespace tarn::ui {

/// The options of one optimizer, each in an input of its type. What is left at its default is not
/// written down.
class OptimizerOptions : public QWidget {
  Q_OBJECT

 public:
  explicit OptimizerOptions(QWidget* parent = nullptr);

  /// `described` is the optimizer's entry in the engine's list.
  void showOptions(const nlohmann::json& described, const OptimizerSpec& spec);
  void clear();
  /// The optimizer as it is written now.
  OptimizerSpec spec() const;

 Q_SIGNALS:
  /// The user changed an option.
  void changed();

 private:
  struct Input {
    std::string name;
    std::function<nlohmann::json()> value;  ///< null: the default
  };
  QWidget* addInput(const nlohmann::json& option, const nlohmann::json& given);

  QFormLayout* form_;
  std::string name_;
  std::vector<Input> inputs_;
};

}  // namespace tarn::ui
