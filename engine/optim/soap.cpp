#include <cmath>
#include <memory>
#include <utility>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// The average S of GGᵀ (or GᵀG) and an orthogonal basis Q near its eigenvectors, the largest
/// first. A side that is too long has neither, and its basis is the identity.
class EigenSide {
 public:
  EigenSide(std::int64_t size, std::int64_t longest, const at::Tensor& like) {
    const std::int64_t held = size <= longest ? size : 0;
    average_ = at::zeros({held, held}, like.options());
    basis_ = at::zeros({held, held}, like.options());
  }

  bool rotates() const { return basis_.numel() > 0; }
  const at::Tensor& basis() const { return basis_; }

  /// S ← βS + (1 − β)·AAᵀ.
  void take(const at::Tensor& a, double beta) {
    if (rotates()) {
      average_.mul_(beta).addmm_(a, a.t(), 1, 1 - beta);
    }
  }
  void begin() {
    if (rotates()) {
      basis_.copy_(symmetricEigen(average_.to(at::kDouble)).vectors.flip({1}));
    }
  }
  /// Q ← orth(S·Q) with Q's columns put in the order of their qᵀSq; returns that order.
  at::Tensor turn() {
    const at::Tensor exact = average_.to(at::kDouble);
    const at::Tensor basis = basis_.to(at::kDouble);
    const at::Tensor order =
        (basis * exact.mm(basis)).sum(0).argsort(/*dim=*/0, /*descending=*/true);
    basis_.copy_(thinQr(exact.mm(basis.index_select(1, order))).q);
    return order;
  }
  void exchangeState(StateArchive& archive) {
    archive.tensor("soap.average", average_);
    archive.tensor("soap.basis", basis_);
  }

 private:
  at::Tensor average_;
  at::Tensor basis_;
};

/// Adam in the eigenbases of Shampoo's factors: with L and R the averages (β₂) of GGᵀ and GᵀG,
/// Q_L and Q_R their bases, M ← β₁M + (1 − β₁)G and V ← β₂V + (1 − β₂)(Q_LᵀGQ_R)²,
/// W ← W − lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·Q_L((Q_LᵀMQ_R)/(√V + eps))Q_Rᵀ, then W ← (1 − lr·wd)W, then the
/// factors take G. Every `precondition_frequency` steps the bases make one power iteration, and V's
/// entries follow their vectors' order. The first step only makes the bases.
class Soap : public MatrixRule {
 public:
  Soap(const OptimizerValues& values, const at::Tensor& like)
      : beta1_(values.number("beta1")),
        beta2_(values.number("beta2")),
        eps_(values.number("eps")),
        decay_(values.number("weight_decay")),
        refresh_(values.integer("precondition_frequency")),
        left_(like.size(0), values.integer("max_precond_dim"), like),
        right_(like.size(1), values.integer("max_precond_dim"), like),
        mean_(at::zeros_like(like)),
        square_(at::zeros_like(like)) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    if (calls_++ == 0) {
      takeIn(gradient);
      left_.begin();
      right_.begin();
      return;
    }
    const std::int64_t t = calls_ - 1;
    mean_.mul_(beta1_).add_(gradient, 1 - beta1_);
    const at::Tensor turned = toBasis(gradient);
    square_.mul_(beta2_).addcmul_(turned, turned, 1 - beta2_);
    const double correction = std::sqrt(1 - std::pow(beta2_, static_cast<double>(t))) /
                              (1 - std::pow(beta1_, static_cast<double>(t)));
    at::Tensor moved = weights;
    moved.add_(fromBasis(toBasis(mean_).div_(square_.sqrt().add_(eps_))), -rate * correction);
    decayWeights(weights, rate, decay_);
    takeIn(gradient);
    if (t % refresh_ == 0) {
      if (left_.rotates()) {
        square_ = square_.index_select(0, left_.turn());
      }
      if (right_.rotates()) {
        square_ = square_.index_select(1, right_.turn());
      }
    }
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("soap.calls", calls_);
    left_.exchangeState(archive);
    right_.exchangeState(archive);
    archive.tensor("soap.mean", mean_);
    archive.tensor("soap.square", square_);
  }

 private:
  void takeIn(const at::Tensor& gradient) {
    left_.take(gradient, beta2_);
    right_.take(gradient.t(), beta2_);
  }
  at::Tensor toBasis(const at::Tensor& matrix) const {
    const at::Tensor half = left_.rotates() ? left_.basis().t().mm(matrix) : matrix.clone();
    return right_.rotates() ? half.mm(right_.basis()) : half;
  }
  at::Tensor fromBasis(const at::Tensor& matrix) const {
    const at::Tensor half = left_.rotates() ? left_.basis().mm(matrix) : matrix;
    return right_.rotates() ? half.mm(right_.basis().t()) : half;
  }

  double beta1_;
  double beta2_;
  double eps_;
  double decay_;
  std::int64_t refresh_;
  std::int64_t calls_ = 0;
  EigenSide left_;
  EigenSide right_;
  at::Tensor mean_;
  at::Tensor square_;
};

}  // namespace

OptimizerKind soap() {
  OptimizerKind kind;
  kind.name = "soap";
  kind.summary = "Adam in the slowly turning eigenbases of Shampoo's factors";
  kind.source = "arXiv 2409.11321 and its authors' code (nikhilvyas/SOAP)";
  kind.options = {
      learningRateOption(3e-3),
      decayRateOption("beta1", 0.95, "decay of the gradient's average"),
      decayRateOption("beta2", 0.95, "decay of the factors' and the squares' averages"),
      nonNegativeOption("eps", 1e-8, "added to the root of the squares' average"),
      weightDecayOption(0.01),
      countOption("precondition_frequency", 10, 1, 1'000'000,
                  "steps between two turns of the bases"),
      countOption("max_precond_dim", 10'000, 1, 1'000'000,
                  "a longer side of a matrix is not turned"),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Soap>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
