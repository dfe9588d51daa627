#include <cmath>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"
#include "engine/optim/sinkhorn.h"

namespace tarn::engine {
namespace {

/// The root mean square of an update's entries before the learning rate.
constexpr double kRms = 0.2;

/// M ← βM + (1 − β)G; R ← the orthogonal factor of M·f(RᵀM)ᵀ, from R = I on; U = R·f(RᵀM) with the
/// new R and f Sinkhorn's scaling; W ← (1 − lr·wd)W − lr·0.2·U/(‖U‖_F/√(mn)).
///
/// R turns the shorter side: a tall matrix is transposed first. Of M's m rows only n < m would be
/// independent, the rest of R would be made of rounding errors, and f would give these full length.
class Aro : public MatrixRule {
 public:
  Aro(const OptimizerValues& values, const at::Tensor& like)
      : rounds_(values.integer("sinkhorn_rounds")),
        decay_(values.number("weight_decay")),
        tall_(like.size(0) > like.size(1)),
        rotation_(at::eye(std::min(like.size(0), like.size(1)), like.options())),
        momentum_(values, like) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    const at::Tensor& average = momentum_.average(gradient);
    at::Tensor update = rotated(tall_ ? average.t() : average);
    const double rms =
        update.norm().item<double>() / std::sqrt(static_cast<double>(update.numel()));
    decayWeights(weights, rate, decay_);
    if (rms == 0) {
      return;
    }
    at::Tensor moved = weights;
    moved.add_(tall_ ? update.t() : update, -rate * kRms / rms);
  }

  void exchangeState(StateArchive& archive) override {
    archive.tensor("aro.rotation", rotation_);
    momentum_.exchangeState(archive);
  }

 private:
  at::Tensor rotated(const at::Tensor& m) {
    const at::Tensor scaled = sinkhorn(rotation_.t().mm(m), rounds_);
    rotation_.copy_(thinQr(m.mm(scaled.t())).q);
    return rotation_.mm(sinkhorn(rotation_.t().mm(m), rounds_));
  }

  std::int64_t rounds_;
  double decay_;
  bool tall_;
  at::Tensor rotation_;
  MatrixMomentum momentum_;
};

}  // namespace

OptimizerKind aro() {
  OptimizerKind kind;
  kind.name = "aro";
  kind.summary = "Sinkhorn-scaled momentum in a rotated frame that follows it (reconstructed)";
  kind.source = "reconstructed from notes on ARO, arXiv 2602.09006; lr is Tarn's";
  kind.options = {
      learningRateOption(3e-3),
      momentumOption(),
      weightDecayOption(0),
      countOption("sinkhorn_rounds", 5, 1, 1000, "scalings of rows and columns"),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Aro>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
