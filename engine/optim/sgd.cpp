#include <memory>
#include <string>

#include <ATen/ATen.h>

#include "engine/optim/options.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// g ← ∇L + weight_decay·θ; b ← momentum·b + (1 − dampening)·g, but b ← g at the first step;
/// θ ← θ − lr·(nesterov ? g + momentum·b : b). Without momentum θ ← θ − lr·g.
class Sgd : public Optimizer {
 public:
  Sgd(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        momentum_(values.number("momentum")),
        dampening_(values.number("dampening")),
        weightDecay_(values.number("weight_decay")),
        nesterov_(values.boolean("nesterov")),
        buffer_(at::zeros_like(momentum_ > 0 ? like : like.narrow(0, 0, 0))) {
    if (nesterov_ && (momentum_ == 0 || dampening_ != 0)) {
      throw Error(ErrorCode::usage,
                  "sgd: nesterov=on needs a momentum above 0 and a dampening of 0.",
                  "Write sgd:momentum=0.9,nesterov=on for example.");
    }
  }

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    at::Tensor direction = step.gradient;
    if (weightDecay_ != 0) {
      direction = direction.add(step.parameters, weightDecay_);
    }
    if (momentum_ != 0) {
      if (steps_ == 0) {
        buffer_.copy_(direction);
      } else {
        buffer_.mul_(momentum_).add_(direction, 1 - dampening_);
      }
      direction = nesterov_ ? direction.add(buffer_, momentum_) : buffer_;
    }
    at::Tensor parameters = step.parameters;
    parameters.add_(direction, -rate_ * step.rateFactor);
    ++steps_;
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("sgd.steps", steps_);
    archive.tensor("sgd.momentum", buffer_);
  }

 private:
  double rate_;
  double momentum_;
  double dampening_;
  double weightDecay_;
  bool nesterov_;
  std::int64_t steps_ = 0;
  at::Tensor buffer_;
};

/// SGD under one of its names: the same options with other defaults.
OptimizerKind sgdNamed(const std::string& name, const std::string& summary, double rate,
                       double momentum, bool nesterov) {
  OptimizerKind kind;
  kind.name = name;
  kind.summary = summary;
  kind.source = "LibTorch's SGD; Sutskever et al. 2013 for momentum";
  kind.options = {
      learningRateOption(rate),
      decayRateOption("momentum", momentum, "share of the last direction that is kept"),
      decayRateOption("dampening", 0, "share of the gradient kept out of the momentum"),
      nonNegativeOption("weight_decay", 0, "times θ, added to the gradient"),
      switchOption("nesterov", nesterov, "look ahead along the momentum"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<Sgd>(values, like); };
  return kind;
}

}  // namespace

OptimizerKind sgd() {
  return sgdNamed("sgd", "gradient descent, with momentum or Nesterov's momentum if asked for", 0.1,
                  0, false);
}

OptimizerKind momentum() {
  return sgdNamed("momentum", "sgd with lr=0.01,momentum=0.9", 0.01, 0.9, false);
}

OptimizerKind nesterov() {
  return sgdNamed("nesterov", "sgd with lr=0.01,momentum=0.9,nesterov=on", 0.01, 0.9, true);
}

}  // namespace tarn::engine
