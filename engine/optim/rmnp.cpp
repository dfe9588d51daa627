#include <ATen/ATen.h>

#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"
#include "engine/optim/shape_factor.h"

namespace tarn::engine {
namespace {

/// b ← μb + G; u = G + μb; W ← (1 − lr·wd)W − lr·shape·rows of u, each over its norm. Unlike
/// Muon it is never transposed, and costs no more than the gradient's size.
class Rmnp : public MatrixRule {
 public:
  Rmnp(const OptimizerValues& values, const at::Tensor& like)
      : momentum_(values.number("momentum")),
        decay_(values.number("weight_decay")),
        factor_(shapeFactor(values, like)),
        buffer_(at::zeros_like(like)) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    at::add_out(buffer_, gradient, buffer_, momentum_);
    const at::Tensor ahead = gradient.add(buffer_, momentum_);
    const at::Tensor norms = ahead.norm(2, {1}, /*keepdim=*/true).clamp_min_(1e-12);
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.addcdiv_(ahead, norms, -rate * factor_);
  }

  void exchangeState(StateArchive& archive) override { archive.tensor("momentum", buffer_); }

 private:
  double momentum_;
  double decay_;
  double factor_;
  at::Tensor buffer_;
};

}  // namespace

OptimizerKind rmnp() {
  OptimizerKind kind;
  kind.name = "rmnp";
  kind.summary = "momentum with every row scaled to length 1";
  kind.source = "RMNP, arXiv 2603.20527; github.com/Dominator-Index/RMNP";
  kind.options = {
      learningRateOption(0.02),
      decayRateOption("momentum", 0.95, "share of the momentum that is kept"),
      weightDecayOption(0),
      shapeFactorOption(/*nearlyOrthogonal=*/false),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Rmnp>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
