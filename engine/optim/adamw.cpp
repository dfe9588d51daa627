#include <cmath>
#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// θ ← (1 − lr·weight_decay)·θ; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
/// θ ← θ − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + eps). Loshchilov and Hutter, arXiv 1711.05101.
class AdamW : public Optimizer {
 public:
  AdamW(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        beta1_(values.number("beta1")),
        beta2_(values.number("beta2")),
        eps_(values.number("eps")),
        weightDecay_(values.number("weight_decay")),
        mean_(at::zeros_like(like)),
        square_(at::zeros_like(like)) {}

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    const double rate = rate_ * step.rateFactor;
    ++steps_;
    const auto t = static_cast<double>(steps_);
    const double correction1 = 1 - std::pow(beta1_, t);
    const double correction2 = 1 - std::pow(beta2_, t);
    at::Tensor parameters = step.parameters;
    if (weightDecay_ != 0) {
      parameters.mul_(1 - rate * weightDecay_);
    }
    mean_.mul_(beta1_).add_(step.gradient, 1 - beta1_);
    square_.mul_(beta2_).addcmul_(step.gradient, step.gradient, 1 - beta2_);
    const at::Tensor scale = square_.sqrt().div_(std::sqrt(correction2)).add_(eps_);
    parameters.addcdiv_(mean_, scale, -rate / correction1);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("adamw.steps", steps_);
    archive.tensor("adamw.mean", mean_);
    archive.tensor("adamw.square", square_);
  }

 private:
  double rate_;
  double beta1_;
  double beta2_;
  double eps_;
  double weightDecay_;
  std::int64_t steps_ = 0;
  at::Tensor mean_;
  at::Tensor square_;
};

}  // namespace

OptimizerKind adamw() {
  OptimizerKind kind;
  kind.name = "adamw";
  kind.summary = "Adam with decoupled weight decay";
  kind.source = "LibTorch's AdamW; Loshchilov and Hutter, arXiv 1711.05101";
  kind.options = {
      learningRateOption(1e-3),
      decayRateOption("beta1", 0.9, "decay of the gradient's average"),
      decayRateOption("beta2", 0.999, "decay of the squared gradient's average"),
      nonNegativeOption("eps", 1e-8, "added to the root of the squared gradient's average"),
      weightDecayOption(1e-2),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<AdamW>(values, like); };
  return kind;
}

}  // namespace tarn::engine
