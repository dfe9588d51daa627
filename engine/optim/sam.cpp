#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/batch_function.h"
#include "engine/optim/options.h"
#include "engine/optim/wrapper.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// e = ρ·g/‖g‖, adaptive e = ρ·θ²g/‖|θ|g‖ (all but the norm element by element); the gradient at
/// θ + e drives the inner rule's step at θ.
class Sam : public Wrapper {
 public:
  Sam(const OptimizerValues& values, std::unique_ptr<Optimizer> inner)
      : Wrapper(std::move(inner)),
        radius_(values.number("rho")),
        adaptive_(values.boolean("adaptive")) {
    if (!this->inner().followsGradient()) {
      throw Error(
          ErrorCode::usage,
          "sam changes the gradient that an optimizer is given, but this one takes its own.",
          "Put it around one that follows the gradient, as adamw+sam.");
    }
  }

  bool asksBatch() const override { return true; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    constexpr double kNeverZero = 1e-12;
    at::Tensor ascent = step.gradient;
    double norm = ascent.norm().item<double>();
    if (adaptive_) {
      norm = ascent.mul(step.parameters).norm().item<double>();
      ascent = ascent.mul(step.parameters.square());
    }
    OptimizerStep driven = step;
    driven.gradient =
        step.batch->gradient(step.parameters.add(ascent, radius_ / (norm + kNeverZero))).gradient;
    inner().step(driven);
  }

 private:
  double radius_;
  bool adaptive_;
};

}  // namespace

WrapperKind sam() {
  WrapperKind kind;
  kind.name = "sam";
  kind.summary = "sharpness-aware: the step follows the gradient at the worst point nearby";
  kind.source =
      "Foret et al., arXiv 2010.01412; Kwon et al., arXiv 2102.11600 (adaptive); davda54/sam";
  kind.options = {
      nonNegativeOption("rho", 0.05, "how far away that point is"),
      switchOption("adaptive", false, "measure the distance relative to each parameter's size"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor&, std::unique_ptr<Optimizer> inner) {
    return std::make_unique<Sam>(values, std::move(inner));
  };
  return kind;
}

}  // namespace tarn::engine
