#include <cmath>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// m ← β₁m + (1 − β₁)G; every `update_gap` steps the singular vectors of m become the basis, the
/// right ones where m×n has m ≥ n, else the left ones; v ← β₂v + (1 − β₂)·proj(G)², which is not
/// rotated with the basis; W ← W − lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·scale·back(proj(m)/(√v + eps)), and then
/// W ← (1 − lr·wd)W.
class Conda : public MatrixRule {
 public:
  Conda(const OptimizerValues& values, const at::Tensor& like)
      : beta1_(values.number("beta1")),
        beta2_(values.number("beta2")),
        eps_(values.number("eps")),
        gap_(values.integer("update_gap")),
        scale_(values.number("scale")),
        decay_(values.number("weight_decay")),
        tall_(like.size(0) >= like.size(1)),
        mean_(at::zeros_like(like)),
        square_(at::zeros_like(like)) {
    const std::int64_t shorter = std::min(like.size(0), like.size(1));
    basis_ = at::zeros({shorter, shorter}, like.options());
  }

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    mean_.mul_(beta1_).add_(gradient, 1 - beta1_);
    if (steps_ % gap_ == 0) {
      const Svd svd = thinSvd(mean_);
      basis_.copy_(tall_ ? svd.v : svd.u);
    }
    ++steps_;
    const at::Tensor projected = project(gradient);
    square_.mul_(beta2_).addcmul_(projected, projected, 1 - beta2_);
    const at::Tensor normalized = project(mean_) / square_.sqrt().add_(eps_);
    const auto t = static_cast<double>(steps_);
    const double correction = std::sqrt(1 - std::pow(beta2_, t)) / (1 - std::pow(beta1_, t));
    at::Tensor moved = weights;
    moved.add_(tall_ ? normalized.mm(basis_.t()) : basis_.mm(normalized),
               -rate * correction * scale_);
    decayWeights(weights, rate, decay_);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("conda.steps", steps_);
    archive.tensor("conda.mean", mean_);
    archive.tensor("conda.square", square_);
    archive.tensor("conda.basis", basis_);
  }

 private:
  at::Tensor project(const at::Tensor& matrix) const {
    return tall_ ? matrix.mm(basis_) : basis_.t().mm(matrix);
  }

  double beta1_;
  double beta2_;
  double eps_;
  std::int64_t gap_;
  double scale_;
  double decay_;
  bool tall_;
  std::int64_t steps_ = 0;
  at::Tensor mean_;
  at::Tensor square_;
  at::Tensor basis_;
};

}  // namespace

OptimizerKind conda() {
  OptimizerKind kind;
  kind.name = "conda";
  kind.summary = "Adam in the singular basis of its momentum, refreshed now and then";
  kind.source = "Conda, arXiv 2509.24218; github.com/jie040109/Conda";
  kind.options = {
      learningRateOption(0.01),
      decayRateOption("beta1", 0.9, "decay of the gradient's average"),
      decayRateOption("beta2", 0.99, "decay of the projected gradient's squared average"),
      nonNegativeOption("eps", 1e-8, "added to the root of the squared average"),
      countOption("update_gap", 2000, 1, 1'000'000'000, "steps from one basis to the next"),
      nonNegativeOption("scale", 0.25, "the update is multiplied by it"),
      weightDecayOption(0),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Conda>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
