#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// g ← ∇L + weight_decay·θ; s ← s + g²; θ ← θ − lr/(1 + (t − 1)·lr_decay) · g/(√s + eps).
class Adagrad : public Optimizer {
 public:
  Adagrad(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        rateDecay_(values.number("lr_decay")),
        weightDecay_(values.number("weight_decay")),
        eps_(values.number("eps")),
        sum_(at::full_like(like, values.number("initial_accumulator"))) {}

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    const at::Tensor gradient =
        weightDecay_ == 0 ? step.gradient : step.gradient.add(step.parameters, weightDecay_);
    const double rate = rate_ * step.rateFactor / (1 + static_cast<double>(steps_) * rateDecay_);
    sum_.addcmul_(gradient, gradient);
    at::Tensor parameters = step.parameters;
    parameters.addcdiv_(gradient, sum_.sqrt().add_(eps_), -rate);
    ++steps_;
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("adagrad.steps", steps_);
    archive.tensor("adagrad.sum", sum_);
  }

 private:
  double rate_;
  double rateDecay_;
  double weightDecay_;
  double eps_;
  std::int64_t steps_ = 0;
  at::Tensor sum_;
};

}  // namespace

OptimizerKind adagrad() {
  OptimizerKind kind;
  kind.name = "adagrad";
  kind.summary = "the gradient divided by the root of the sum of its squares so far";
  kind.source = "LibTorch's Adagrad; Duchi, Hazan and Singer, JMLR 12, 2011";
  kind.options = {
      learningRateOption(1e-2),
      nonNegativeOption("lr_decay", 0, "lr is divided by 1 + lr_decay·steps before"),
      nonNegativeOption("weight_decay", 0, "times θ, added to the gradient"),
      nonNegativeOption("initial_accumulator", 0, "where the sum of squares begins"),
      nonNegativeOption("eps", 1e-10, "added to the root"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<Adagrad>(values, like); };
  return kind;
}

}  // namespace tarn::engine
