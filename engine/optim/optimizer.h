#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/model/parameter_space.h"
#include "engine/optim/state_archive.h"

namespace tarn::engine {

class BatchFunction;
struct RunFacts;

/// What an optimizer is given for one step.
struct OptimizerStep {
  at::Tensor parameters;  ///< θ, flat; moved in place
  at::Tensor gradient;    ///< of the loss at θ, flat, θ's dtype and device; never written to
  double rateFactor = 1;  ///< the schedule's: every learning rate is multiplied by it
  double loss = 0;        ///< at θ, of the batch that the gradient is of
  bool startsEpoch = false;
  BatchFunction* batch = nullptr;  ///< given to rules that ask for it
};

/// A rule that moves θ. One object belongs to one run.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Called before the first step. Throws Error(unsupported), Error(memory) or Error(usage) when
  /// the rule can't take this run, with what to do.
  virtual void requireFit(const RunFacts&) const {}
  /// Whether steps use OptimizerStep::batch.
  virtual bool asksBatch() const { return false; }
  /// Whether steps follow OptimizerStep::gradient, so that what changes it (clipping, SAM) changes
  /// them. A rule with gradients of its own does not.
  virtual bool followsGradient() const { return true; }
  /// A second trajectory: the running average of the first; undefined when there is none (yet).
  virtual at::Tensor average() const { return {}; }
  /// The learning rate that a schedule multiplies and that metrics show.
  virtual double learningRate() const = 0;
  virtual void step(const OptimizerStep& step) = 0;
  /// Everything that the next step depends on besides the options; see StateArchive.
  virtual void exchangeState(StateArchive& archive) = 0;
};

/// One option of an optimizer: its type is that of its default (number, integer, boolean or one of
/// some words).
struct OptimizerOption {
  enum class Type { number, integer, boolean, word };

  std::string name;
  Type type = Type::number;
  nlohmann::json initial;
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool maximumExcluded = false;
  std::vector<std::string> words;  ///< the choices of a word
  std::string help;
  /// One of those that every matrix optimizer has: which tensors it moves, and AdamW for the rest.
  bool ofRouting = false;
};

/// All options of an optimizer, checked, defaults filled in.
class OptimizerValues {
 public:
  explicit OptimizerValues(nlohmann::json values) : values_(std::move(values)) {}
  double number(const std::string& name) const { return values_.at(name).get<double>(); }
  std::int64_t integer(const std::string& name) const {
    return values_.at(name).get<std::int64_t>();
  }
  bool boolean(const std::string& name) const { return values_.at(name).get<bool>(); }
  std::string word(const std::string& name) const { return values_.at(name).get<std::string>(); }
  const nlohmann::json& json() const { return values_; }

 private:
  nlohmann::json values_;
};

struct TensorRoute;

/// A rule as the registry knows it.
struct RuleKind {
  std::string name;
  std::string summary;
  std::string source;  ///< the paper or code the rule comes from
  std::vector<OptimizerOption> options;
};

struct OptimizerKind : RuleKind {
  /// θ's layout is given for rules that treat matrices apart; `like` tells θ's dtype and device.
  /// Throws Error(usage) for options that contradict each other.
  std::function<std::unique_ptr<Optimizer>(const OptimizerValues& values,
                                           const std::vector<ParameterGroup>& groups,
                                           const at::Tensor& like)>
      make;
  /// Which tensor goes where; empty for a rule that treats all numbers alike. matrix_routing.h.
  std::function<std::vector<TensorRoute>(const OptimizerValues& values,
                                         const std::vector<ParameterGroup>& groups)>
      route;
};

/// A rule around any optimizer.
struct WrapperKind : RuleKind {
  /// As OptimizerKind::make; `inner` is what it is put around.
  std::function<std::unique_ptr<Optimizer>(
      const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
      const at::Tensor& like, std::unique_ptr<Optimizer> inner)>
      make;
};

/// The state as bytes, and back. restoreState throws Error(badInput) for foreign bytes.
std::vector<std::byte> saveState(Optimizer& optimizer);
void restoreState(Optimizer& optimizer, std::span<const std::byte> bytes);

}  // namespace tarn::engine
