#include <algorithm>
#include <limits>
#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/double_products.h"
#include "engine/optim/factorizations.h"
#include "engine/optim/options.h"
#include "engine/optim/run_facts.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// F = λI + (1/d)·GᵀG with the latest j ≤ m gradients as the rows of G, the present one g among
/// them; b ← momentum·b + (1 − momentum)·F⁻¹g; θ ← (1 − lr·weight_decay)·θ − lr·b.
///
/// By Woodbury F⁻¹g = (g − Gᵀ(dλI + GGᵀ)⁻¹Gg)/λ. With g = Gᵀe the bracket is a difference of
/// nearly equal numbers, and equals dλ·Gᵀ(dλI + GGᵀ)⁻¹e, which is what is computed. While the
/// buffer fills the steps are about d·g/‖g‖²: in the authors' code d = m from the start, so that
/// the first are m times as long as g/‖g‖²; with the warm-up d = j, and they grow to that.
class Mfac : public Optimizer {
 public:
  Mfac(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        damping_(values.number("damping")),
        momentum_(values.number("momentum")),
        weightDecay_(values.number("weight_decay")),
        warmsUp_(values.boolean("warm_up")),
        most_(values.integer("m")),
        like_(like),
        buffer_(at::zeros_like(momentum_ > 0 ? like : like.narrow(0, 0, 0))) {
    if (damping_ == 0) {
      throw Error(ErrorCode::usage, "mfac: damping must be above 0.", "Leave it out for 1e-5.");
    }
  }

  void requireFit(const RunFacts& facts) const override {
    requireVectors("mfac", most_, facts, "Make m smaller");
  }
  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    const std::int64_t place = remember(step.gradient);
    at::Tensor direction = held().t().mv(shares(place).to(rows_.scalar_type()));
    if (momentum_ > 0) {
      direction = buffer_.mul_(momentum_).add_(direction, 1 - momentum_);
    }
    const double rate = rate_ * step.rateFactor;
    at::Tensor parameters = step.parameters;
    if (weightDecay_ > 0) {
      parameters.mul_(1 - rate * weightDecay_);
    }
    parameters.add_(direction, -rate);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("mfac.filled", filled_);
    archive.integer("mfac.next", next_);
    if (filled_ < 0 || filled_ > most_ || next_ < 0 || next_ >= most_) {
      throw Error(ErrorCode::badInput,
                  "The saved state of mfac counts gradients that it can't hold.",
                  "Start the run again.");
    }
    makeRoom();
    at::Tensor rows = held();
    archive.tensor("mfac.gradients", rows);
    archive.tensor("mfac.products", products_);
    archive.tensor("mfac.momentum", buffer_);
  }

 private:
  /// The buffer is taken at the first step and not before, when it is known to fit; its memory is
  /// touched as it fills.
  void makeRoom() {
    if (!rows_.defined()) {
      rows_ = at::empty({most_, like_.numel()}, like_.options());
      products_ = at::zeros({most_, most_}, at::kDouble);
    }
  }
  at::Tensor held() const { return rows_.narrow(0, 0, filled_); }

  /// Puts a gradient where the oldest one was; returns the row.
  std::int64_t remember(const at::Tensor& gradient) {
    makeRoom();
    const std::int64_t place = next_;
    next_ = (next_ + 1) % most_;
    filled_ = std::min(filled_ + 1, most_);
    rows_[place].copy_(gradient);
    const at::Tensor with = doubleProducts(held(), gradient.unsqueeze(0)).squeeze(1);
    products_[place].narrow(0, 0, filled_).copy_(with);
    products_.select(1, place).narrow(0, 0, filled_).copy_(with);
    return place;
  }

  /// d·(dλI + GGᵀ)⁻¹e. Where rounding hides dλ, what belongs to the eigenvalues of GGᵀ that are
  /// zero to rounding is left out: Gᵀ makes nothing of it.
  at::Tensor shares(std::int64_t place) const {
    const auto d = static_cast<double>(warmsUp_ ? filled_ : most_);
    const at::Tensor gram = products_.narrow(0, 0, filled_).narrow(1, 0, filled_);
    at::Tensor unit = at::zeros({filled_}, at::kDouble);
    unit[place] = d;
    const double hidden = static_cast<double>(filled_) * std::numeric_limits<double>::epsilon() *
                          gram.diagonal().sum().item<double>();
    if (d * damping_ > hidden) {
      const at::Tensor system = gram + d * damping_ * at::eye(filled_, at::kDouble);
      return at::cholesky_solve(unit.unsqueeze(1), at::linalg_cholesky(system)).squeeze(1);
    }
    const auto [values, vectors] = symmetricEigen(gram);
    const at::Tensor kept = at::where(values.gt(hidden), 1 / (values + d * damping_), 0 * values);
    return vectors.mv(vectors.t().mv(unit) * kept);
  }

  double rate_;
  double damping_;
  double momentum_;
  double weightDecay_;
  bool warmsUp_;
  std::int64_t most_;
  at::Tensor like_;
  std::int64_t filled_ = 0;
  std::int64_t next_ = 0;
  at::Tensor rows_;      ///< m×P
  at::Tensor products_;  ///< GGᵀ, m×m in float64
  at::Tensor buffer_;
};

}  // namespace

OptimizerKind mfac() {
  OptimizerKind kind;
  kind.name = "mfac";
  kind.summary = "natural gradient with the Fisher matrix of the latest m gradients";
  kind.source = "M-FAC, arXiv 2107.03356 and its authors' code (IST-DASLab/M-FAC)";
  kind.options = {
      learningRateOption(1e-3),
      countOption("m", 128, 1, 4096, "gradients that are kept, each as large as θ"),
      nonNegativeOption("damping", 1e-5, "λ, added to the Fisher matrix"),
      decayRateOption("momentum", 0, "decay of the direction's average"),
      weightDecayOption(0),
      switchOption(
          "warm_up", true,
          "the mean is over the gradients there are; off: over m, as in the authors' code"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<Mfac>(values, like); };
  return kind;
}

}  // namespace tarn::engine
