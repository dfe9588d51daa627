#include <ATen/ATen.h>

#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"
#include "engine/optim/polar.h"

namespace tarn::engine {
namespace {

/// Momentum first: M ← βM + (1 − β)G, U = polar(M), W ← (1 − lr·wd)W − lr·⟨M, U⟩·U. Polar first:
/// U = polar(G), M ← βM + (1 − β)U, W ← (1 − lr·wd)W − lr·⟨G, U⟩·M. ⟨A, polar(A)⟩ is the nuclear
/// norm, so that the step shrinks with the gradient; no factor of shape.
class PolarGrad : public MatrixRule {
 public:
  PolarGrad(const OptimizerValues& values, const at::Tensor& like)
      : momentumFirst_(values.word("order") == "momentum-first"),
        polar_(values),
        decay_(values.number("weight_decay")),
        momentum_(values, like) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    const at::Tensor& polarized = momentumFirst_ ? momentum_.average(gradient) : gradient;
    const at::Tensor factor = polar_(polarized);
    const double nuclear = (polarized * factor).sum().item<double>();
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.add_(momentumFirst_ ? factor : momentum_.average(factor), -rate * nuclear);
  }

  void exchangeState(StateArchive& archive) override { momentum_.exchangeState(archive); }

 private:
  bool momentumFirst_;
  PolarMethod polar_;
  double decay_;
  MatrixMomentum momentum_;
};

}  // namespace

OptimizerKind polargrad() {
  OptimizerKind kind;
  kind.name = "polargrad";
  kind.summary = "polar factor of the momentum times its nuclear norm; lr tuned on the digits";
  kind.source = "PolarGrad, arXiv 2505.21799; github.com/timlautk/polargrad";
  kind.options = {
      learningRateOption(0.02),
      momentumOption(),
      weightDecayOption(0),
      wordOption("order", {"momentum-first", "polar-first"},
                 "polar factor of the momentum, or momentum of the polar factors"),
  };
  for (OptimizerOption& option : polarOptions()) {
    kind.options.push_back(std::move(option));
  }
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<PolarGrad>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
