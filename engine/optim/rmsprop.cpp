#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// g ← ∇L + weight_decay·θ; v ← αv + (1 − α)g²; u = g/(√v + eps), with centered
/// u = g/(√(v − a²) + eps) where a ← αa + (1 − α)g; θ ← θ − lr·b with b ← momentum·b + u.
class RmsProp : public Optimizer {
 public:
  RmsProp(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        alpha_(values.number("alpha")),
        eps_(values.number("eps")),
        weightDecay_(values.number("weight_decay")),
        momentum_(values.number("momentum")),
        centered_(values.boolean("centered")),
        square_(at::zeros_like(like)),
        mean_(at::zeros_like(centered_ ? like : like.narrow(0, 0, 0))),
        buffer_(at::zeros_like(momentum_ > 0 ? like : like.narrow(0, 0, 0))) {}

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    const at::Tensor gradient =
        weightDecay_ == 0 ? step.gradient : step.gradient.add(step.parameters, weightDecay_);
    square_.mul_(alpha_).addcmul_(gradient, gradient, 1 - alpha_);
    at::Tensor variance = square_;
    if (centered_) {
      mean_.mul_(alpha_).add_(gradient, 1 - alpha_);
      variance = square_.addcmul(mean_, mean_, -1);
    }
    const at::Tensor scale = variance.sqrt().add_(eps_);
    const double rate = rate_ * step.rateFactor;
    at::Tensor parameters = step.parameters;
    if (momentum_ > 0) {
      buffer_.mul_(momentum_).addcdiv_(gradient, scale);
      parameters.add_(buffer_, -rate);
    } else {
      parameters.addcdiv_(gradient, scale, -rate);
    }
  }

  void exchangeState(StateArchive& archive) override {
    archive.tensor("rmsprop.square", square_);
    archive.tensor("rmsprop.mean", mean_);
    archive.tensor("rmsprop.momentum", buffer_);
  }

 private:
  double rate_;
  double alpha_;
  double eps_;
  double weightDecay_;
  double momentum_;
  bool centered_;
  at::Tensor square_;
  at::Tensor mean_;
  at::Tensor buffer_;
};

}  // namespace

OptimizerKind rmsprop() {
  OptimizerKind kind;
  kind.name = "rmsprop";
  kind.summary = "the gradient divided by the root of its squares' running average";
  kind.source =
      "LibTorch's RMSprop; Tieleman and Hinton 2012; Graves, arXiv 1308.0850 for centered";
  kind.options = {
      learningRateOption(1e-2),
      decayRateOption("alpha", 0.99, "decay of the squared gradient's average"),
      nonNegativeOption("eps", 1e-8, "added to the root"),
      nonNegativeOption("weight_decay", 0, "times θ, added to the gradient"),
      decayRateOption("momentum", 0, "share of the last direction that is kept"),
      switchOption("centered", false, "take the gradient's average off before the root"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<RmsProp>(values, like); };
  return kind;
}

}  // namespace tarn::engine
