#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"
#include "engine/optim/polar.h"

namespace tarn::engine {
namespace {

/// Eigenvalues of a factor below this share of the largest count as that.
constexpr double kFloor = 1e-8;

/// One Kronecker factor of the Fisher matrix, k×k, of trace k; begins as the identity.
class FisherFactor {
 public:
  FisherFactor(const at::Tensor& like, std::int64_t size)
      : factor_(at::eye(size, like.options())), inverseRoot_(factor_.clone()) {}

  /// F̃ = γF + (1 − γ)[seen + μ·(tr F/k)·I]; F ← the symmetric part of k·F̃/tr F̃.
  void follow(const at::Tensor& seen, double gamma, double damping) {
    const auto size = static_cast<double>(factor_.size(0));
    const double shift = damping * factor_.trace().item<double>() / size;
    at::Tensor next = factor_ * gamma + seen * (1 - gamma);
    next.diagonal().add_((1 - gamma) * shift);
    next = next * (size / next.trace().item<double>());
    factor_.copy_((next + next.t()) / 2);
    inverseRoot_.copy_(symmetricPower(factor_, -0.5, kFloor));
  }

  at::Tensor inverse() const { return inverseRoot_.mm(inverseRoot_); }
  const at::Tensor& inverseRoot() const { return inverseRoot_; }

  void exchangeState(StateArchive& archive) {
    archive.tensor("fismo.factor", factor_);
    archive.tensor("fismo.inverse_root", inverseRoot_);
  }

 private:
  at::Tensor factor_;
  at::Tensor inverseRoot_;
};

/// Every `refresh` steps P follows GQ⁻¹Gᵀ/n, and then Q follows GᵀP⁻¹G/m; between them both stay.
/// G̃ = P^−½GQ^−½; M ← βM + (1 − β)G̃; W ← (1 − lr·wd)W − lr·P^−½polar(M)Q^−½.
class Fismo : public MatrixRule {
 public:
  Fismo(const OptimizerValues& values, const at::Tensor& like)
      : gamma_(values.number("gamma")),
        damping_(values.number("damping")),
        refresh_(values.integer("refresh")),
        polar_(values),
        decay_(values.number("weight_decay")),
        p_(like, like.size(0)),
        q_(like, like.size(1)),
        momentum_(values, like) {}

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    if (steps_ % refresh_ == 0) {
      refreshFactors(gradient);
    }
    ++steps_;
    const at::Tensor whitened = p_.inverseRoot().mm(gradient).mm(q_.inverseRoot());
    const at::Tensor factor = polar_(momentum_.average(whitened));
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.add_(p_.inverseRoot().mm(factor).mm(q_.inverseRoot()), -rate);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("fismo.steps", steps_);
    p_.exchangeState(archive);
    q_.exchangeState(archive);
    momentum_.exchangeState(archive);
  }

 private:
  void refreshFactors(const at::Tensor& gradient) {
    const auto m = static_cast<double>(gradient.size(0));
    const auto n = static_cast<double>(gradient.size(1));
    p_.follow(gradient.mm(q_.inverse()).mm(gradient.t()) / n, gamma_, damping_);
    q_.follow(gradient.t().mm(p_.inverse()).mm(gradient) / m, gamma_, damping_);
  }

  double gamma_;
  double damping_;
  std::int64_t refresh_;
  PolarMethod polar_;
  double decay_;
  std::int64_t steps_ = 0;
  FisherFactor p_;
  FisherFactor q_;
  MatrixMomentum momentum_;
};

}  // namespace

OptimizerKind fismo() {
  OptimizerKind kind;
  kind.name = "fismo";
  kind.summary =
      "polar factor of the momentum in a Kronecker-factored Fisher metric (reconstructed)";
  kind.source = "reconstructed from notes on FISMO, arXiv 2601.21750; lr and refresh are Tarn's";
  kind.options = {
      learningRateOption(0.02),
      momentumOption(),
      weightDecayOption(0),
      decayRateOption("gamma", 0.95, "decay of the Fisher factors"),
      nonNegativeOption("damping", 1e-3, "times their mean eigenvalue, added to the factors"),
      countOption("refresh", 10, 1, 1'000'000'000,
                  "steps from one update of the Fisher factors to the next"),
  };
  for (OptimizerOption& option : polarOptions()) {
    kind.options.push_back(std::move(option));
  }
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Fismo>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
