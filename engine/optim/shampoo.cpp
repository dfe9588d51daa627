#include <cmath>
#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// (S + eps·I)^(−1/4) in float64.
at::Tensor inverseFourthRoot(const at::Tensor& symmetric, double eps) {
  const auto [values, vectors] = symmetricEigen(symmetric.to(at::kDouble));
  return (vectors * (values.clamp_min(0) + eps).pow(-0.25)).mm(vectors.t());
}

/// L ← L + GGᵀ, R ← R + GᵀG (averages with factor_decay below 1); P = L^(−1/4)·G·R^(−1/4), the
/// roots made anew every `refresh` steps; with a momentum μ the bias-corrected average M/(1 − μᵗ),
/// M ← μM + (1 − μ)G, stands in G's place; with Adam grafting P gets the norm of the step that Adam
/// would do; W ← (1 − lr·wd)W − lr·P.
class Shampoo : public MatrixRule {
 public:
  Shampoo(const OptimizerValues& values, const at::Tensor& like)
      : momentum_(values.number("momentum")),
        beta1_(values.number("beta1")),
        beta2_(values.number("beta2")),
        factorDecay_(values.number("factor_decay")),
        eps_(values.number("eps")),
        decay_(values.number("weight_decay")),
        refresh_(values.integer("refresh")),
        grafts_(values.word("graft") == "adam"),
        left_(at::zeros({like.size(0), like.size(0)}, like.options())),
        right_(at::zeros({like.size(1), like.size(1)}, like.options())),
        leftRoot_(at::zeros_like(left_)),
        rightRoot_(at::zeros_like(right_)),
        average_(at::zeros_like(momentum_ > 0 ? like : like.narrow(0, 0, 0))),
        mean_(at::zeros_like(grafts_ ? like : like.narrow(0, 0, 0))),
        square_(at::zeros_like(mean_)) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    const double share = factorDecay_ < 1 ? 1 - factorDecay_ : 1;
    left_.mul_(factorDecay_).addmm_(gradient, gradient.t(), 1, share);
    right_.mul_(factorDecay_).addmm_(gradient.t(), gradient, 1, share);
    if (steps_ % refresh_ == 0) {
      leftRoot_.copy_(inverseFourthRoot(left_, eps_));
      rightRoot_.copy_(inverseFourthRoot(right_, eps_));
    }
    ++steps_;
    const auto t = static_cast<double>(steps_);
    at::Tensor update = leftRoot_.mm(direction(gradient, t)).mm(rightRoot_);
    if (grafts_) {
      const double size = adamsNorm(gradient, t);
      const double norm = update.norm().item<double>();
      update.mul_(norm > 0 ? size / norm : 0);
    }
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.add_(update, -rate);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("shampoo.steps", steps_);
    archive.tensor("shampoo.left", left_);
    archive.tensor("shampoo.right", right_);
    archive.tensor("shampoo.left root", leftRoot_);
    archive.tensor("shampoo.right root", rightRoot_);
    archive.tensor("shampoo.average", average_);
    archive.tensor("shampoo.mean", mean_);
    archive.tensor("shampoo.square", square_);
  }

 private:
  /// What is preconditioned.
  at::Tensor direction(const at::Tensor& gradient, double t) {
    if (momentum_ == 0) {
      return gradient;
    }
    average_.mul_(momentum_).add_(gradient, 1 - momentum_);
    return average_ / (1 - std::pow(momentum_, t));
  }

  double adamsNorm(const at::Tensor& gradient, double t) {
    constexpr double kAdamsEps = 1e-8;
    mean_.mul_(beta1_).add_(gradient, 1 - beta1_);
    square_.mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
    const double correction = std::sqrt(1 - std::pow(beta2_, t));
    const at::Tensor adam = mean_ / square_.sqrt().div_(correction).add_(kAdamsEps);
    return adam.norm().item<double>() / (1 - std::pow(beta1_, t));
  }

  double momentum_;
  double beta1_;
  double beta2_;
  double factorDecay_;
  double eps_;
  double decay_;
  std::int64_t refresh_;
  bool grafts_;
  std::int64_t steps_ = 0;
  at::Tensor left_;
  at::Tensor right_;
  at::Tensor leftRoot_;
  at::Tensor rightRoot_;
  at::Tensor average_;
  at::Tensor mean_;
  at::Tensor square_;
};

OptimizerOption factorDecayOption() {
  OptimizerOption option =
      nonNegativeOption("factor_decay", 1, "decay of the factors' averages; 1: sums");
  option.maximum = 1;
  return option;
}

}  // namespace

OptimizerKind shampoo() {
  OptimizerKind kind;
  kind.name = "shampoo";
  kind.summary = "preconditioned on both sides of each matrix; steps as long as Adam's";
  kind.source =
      "Gupta, Koren and Singer, arXiv 1802.09568; Anil et al., arXiv 2002.09018 (grafting); Shi et "
      "al., arXiv 2309.06497 (momentum)";
  kind.options = {
      nonNegativeOption("lr", 1e-3, "learning rate; with graft=none about a hundred times larger"),
      decayRateOption("momentum", 0,
                      "decay of the gradient's average that is preconditioned; 0: the gradient is"),
      decayRateOption("beta1", 0.9, "of Adam's step: decay of the gradient's average"),
      decayRateOption("beta2", 0.999, "of Adam's step: decay of the squares' average"),
      factorDecayOption(),
      nonNegativeOption("eps", 1e-12, "added to the factors before their roots"),
      weightDecayOption(0),
      countOption("refresh", 10, 1, 1'000'000, "steps between two roots of the factors"),
      wordOption("graft", {"adam", "none"}, "whose length the steps get"),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Shampoo>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
