#include <cmath>
#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// g ← ∇L + weight_decay·θ; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
/// θ ← θ − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + eps), and with amsgrad the largest v so far.
class Adam : public Optimizer {
 public:
  Adam(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        beta1_(values.number("beta1")),
        beta2_(values.number("beta2")),
        eps_(values.number("eps")),
        weightDecay_(values.number("weight_decay")),
        amsgrad_(values.boolean("amsgrad")),
        mean_(at::zeros_like(like)),
        square_(at::zeros_like(like)),
        largest_(at::zeros_like(amsgrad_ ? like : like.narrow(0, 0, 0))) {}

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    ++steps_;
    const auto t = static_cast<double>(steps_);
    const at::Tensor gradient =
        weightDecay_ == 0 ? step.gradient : step.gradient.add(step.parameters, weightDecay_);
    mean_.mul_(beta1_).add_(gradient, 1 - beta1_);
    square_.mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
    if (amsgrad_) {
      at::maximum_out(largest_, largest_, square_);
    }
    const at::Tensor scale =
        (amsgrad_ ? largest_ : square_).sqrt().div_(std::sqrt(1 - std::pow(beta2_, t))).add_(eps_);
    at::Tensor parameters = step.parameters;
    parameters.addcdiv_(mean_, scale, -rate_ * step.rateFactor / (1 - std::pow(beta1_, t)));
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("adam.steps", steps_);
    archive.tensor("adam.mean", mean_);
    archive.tensor("adam.square", square_);
    archive.tensor("adam.largest", largest_);
  }

 private:
  double rate_;
  double beta1_;
  double beta2_;
  double eps_;
  double weightDecay_;
  bool amsgrad_;
  std::int64_t steps_ = 0;
  at::Tensor mean_;
  at::Tensor square_;
  at::Tensor largest_;
};

}  // namespace

OptimizerKind adam() {
  OptimizerKind kind;
  kind.name = "adam";
  kind.summary = "adaptive moments; weight decay, if any, is part of the gradient";
  kind.source = "LibTorch's Adam; Kingma and Ba, arXiv 1412.6980; Reddi et al. 2018 for amsgrad";
  kind.options = {
      learningRateOption(1e-3),
      decayRateOption("beta1", 0.9, "decay of the gradient's average"),
      decayRateOption("beta2", 0.999, "decay of the squared gradient's average"),
      nonNegativeOption("eps", 1e-8, "added to the root of the squared gradient's average"),
      nonNegativeOption("weight_decay", 0, "times θ, added to the gradient"),
      switchOption("amsgrad", false, "divide by the largest average of squares so far"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<Adam>(values, like); };
  return kind;
}

}  // namespace tarn::engine
