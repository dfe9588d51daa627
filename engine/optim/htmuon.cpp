#include <cmath>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/newton_root.h"
#include "engine/optim/newton_schulz.h"
#include "engine/optim/options.h"
#include "engine/optim/shape_factor.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// k for which power/2 = 2^−k, or −1 for a power of 0. Throws Error(usage).
int rootsOf(double power) {
  if (power == 0) {
    return -1;
  }
  int exponent = 0;
  if (std::frexp(power, &exponent) != 0.5 || power > 1) {
    throw Error(ErrorCode::usage,
                "htmuon: variant=newton takes square roots, so its power must be 1, 1/2, 1/4, 1/8, "
                "… or 0.",
                "Write power=0.125 for example, or leave variant out.");
  }
  return 2 - exponent;
}

/// With U as Muon's and U = P·S·Qᵀ: W ← (1 − lr·wd)W − lr·shape·P·S^p·Qᵀ. The singular values keep
/// their heavy tail; p = 0 is Muon, p = 1 momentum. They are not scaled back afterwards.
class HtMuon : public MatrixRule {
 public:
  HtMuon(const OptimizerValues& values, const at::Tensor& like)
      : variant_(values.word("variant")),
        power_(values.number("power")),
        interval_(values.integer("interval")),
        roots_(variant_ == "newton" ? rootsOf(power_) : 0),
        decay_(values.number("weight_decay")),
        factor_(shapeFactor(values, like)),
        momentum_(values, like) {
    if (variant_ == "streaming") {
      const std::int64_t shorter = std::min(like.size(0), like.size(1));
      basis_ = at::eye(shorter, like.options());
    }
  }

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    const at::Tensor direction = update(momentum_.lookAhead(gradient));
    ++steps_;
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.add_(direction, -rate * factor_);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("htmuon.steps", steps_);
    momentum_.exchangeState(archive);
    if (basis_.defined()) {
      archive.tensor("htmuon.basis", basis_);
    }
  }

 private:
  at::Tensor update(const at::Tensor& u) {
    if (variant_ == "newton") {
      return byRoots(u);
    }
    if (variant_ == "streaming") {
      return u.size(0) < u.size(1) ? streamed(u.t()).t() : streamed(u);
    }
    if (variant_ == "interval" && (steps_ + 1) % interval_ != 0) {
      return newtonSchulz(u);
    }
    const Svd svd = thinSvd(u);
    const at::Tensor powers = variant_ == "rank"
                                  ? at::arange(1, svd.s.size(0) + 1, svd.s.options()).pow(-power_)
                                  : svd.s.pow(power_);
    return (svd.u * powers).mm(svd.v.t());
  }

  /// The nearly orthogonal factor times (UᵀU)^(p/2), on the shorter side.
  at::Tensor byRoots(const at::Tensor& u) const {
    const at::Tensor factor = newtonSchulz(u);
    if (roots_ < 0) {
      return factor;
    }
    return u.size(0) < u.size(1) ? newtonRoot(u.mm(u.t()), roots_).mm(factor)
                                 : factor.mm(newtonRoot(u.t().mm(u), roots_));
  }

  /// The right singular vectors follow by one step of orthogonal iteration, from the identity on;
  /// the lengths of U's products with them stand for the singular values. U is not wide.
  at::Tensor streamed(const at::Tensor& u) {
    basis_.copy_(thinQr(u.t().mm(u.mm(basis_))).q);
    const at::Tensor along = u.mm(basis_);
    const at::Tensor lengths = along.norm(2, {0});
    const at::Tensor shares = lengths.pow(power_ - 1).masked_fill(lengths == 0, 0);
    return (along * shares).mm(basis_.t());
  }

  std::string variant_;
  double power_;
  std::int64_t interval_;
  int roots_;
  double decay_;
  double factor_;
  std::int64_t steps_ = 0;
  MatrixMomentum momentum_;
  at::Tensor basis_;
};

}  // namespace

OptimizerKind htmuon() {
  OptimizerKind kind;
  kind.name = "htmuon";
  kind.summary = "momentum with its singular values raised to a small power";
  kind.source = "HTMuon; github.com/TDCSZ327/HTmuon";
  kind.options = {
      learningRateOption(0.03),
      momentumOption(),
      weightDecayOption(0.1),
      nonNegativeOption("power", 0.125, "of the singular values; 0: Muon with an exact factor"),
      wordOption("variant", {"svd", "rank", "interval", "newton", "streaming"},
                 "exact; by rank, k^−power; exact every few steps, else Muon; by Newton's square "
                 "roots; singular vectors that follow"),
      countOption("interval", 5, 1, 1'000'000, "variant interval: steps from one svd to the next"),
      shapeFactorOption(/*nearlyOrthogonal=*/false),
  };
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<HtMuon>(values, like);
  });
  return kind;
}

}  // namespace tarn::engine
