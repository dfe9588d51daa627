#include <ATen/ATen.h>

#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/newton_schulz.h"
#include "engine/optim/options.h"
#include "engine/optim/shape_factor.h"

namespace tarn::engine {
namespace {

/// M ← βM + (1 − β)G; U = (1 − β)G + βM; W ← (1 − lr·wd)W − lr·shape·NS(U).
class Muon : public MatrixRule {
 public:
  Muon(const OptimizerValues& values, const at::Tensor& like)
      : decay_(values.number("weight_decay")),
        steps_(values.integer("ns_steps")),
        factor_(shapeFactor(values, like)),
        momentum_(values, like) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    const at::Tensor update = newtonSchulz(momentum_.lookAhead(gradient), steps_);
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.add_(update, -rate * factor_);
  }

  void exchangeState(StateArchive& archive) override { momentum_.exchangeState(archive); }

 private:
  double decay_;
  std::int64_t steps_;
  double factor_;
  MatrixMomentum momentum_;
};

}  // namespace

OptimizerKind muon() {
  OptimizerKind kind;
  kind.name = "muon";
  kind.summary = "momentum made nearly orthogonal by five Newton–Schulz steps";
  kind.source = "Jordan et al., github.com/KellerJordan/Muon";
  kind.options = {
      learningRateOption(0.02),
      momentumOption(),
      weightDecayOption(0),
      countOption("ns_steps", 5, 1, 100, "Newton–Schulz steps"),
      shapeFactorOption(/*nearlyOrthogonal=*/true),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Muon>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
