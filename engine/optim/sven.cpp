#include <algorithm>
#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/batch_function.h"
#include "engine/optim/double_products.h"
#include "engine/optim/factorizations.h"
#include "engine/optim/options.h"
#include "engine/optim/run_facts.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// R_i = ℓ_i^(κ/2) of every sample (or z − t of every output), J = ∂R/∂θ = USVᵀ;
/// θ ← θ − lr·V_kS_k⁻¹U_kᵀR with the k largest singular values, those below rtol·s₁ left out. In
/// the Gram form K = JJᵀ = US²Uᵀ that is −lr·Jᵀw with w = U_kS_k⁻²U_kᵀR.
class Sven : public Optimizer {
 public:
  explicit Sven(const OptimizerValues& values)
      : rate_(values.number("lr")),
        kappa_(values.number("kappa")),
        rtol_(values.number("rtol")),
        count_(values.integer("k")),
        numbers_(values.word("residual") == "loss" ? SampleNumbers::losses
                                                   : SampleNumbers::residuals) {
    if (kappa_ == 0) {
      throw Error(ErrorCode::usage, "sven: kappa must be above 0.",
                  "Leave it out for 2, where the residuals are the samples' losses.");
    }
  }

  void requireFit(const RunFacts& facts) const override {
    requireSampleLosses("sven", facts);
    if (numbers_ == SampleNumbers::residuals &&
        (facts.loss.kind != Loss::mse || facts.loss.decay > 0)) {
      throw Error(
          ErrorCode::unsupported,
          "sven:residual=output minimizes the squares of outputs less targets, which is the "
          "loss mse without decay, not " +
              toString(facts.loss) + ".",
          "Choose the loss mse, or leave residual out.");
    }
    const std::int64_t perSample = numbers_ == SampleNumbers::residuals ? facts.targetNumbers : 1;
    requireVectors("sven", perSample * std::min(facts.batchSize, facts.samples), facts,
                   "Make the batches smaller");
  }
  bool asksBatch() const override { return true; }
  bool followsGradient() const override { return false; }
  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    SampleRows found = step.batch->sampleRows(numbers_);
    if (numbers_ == SampleNumbers::losses && kappa_ != 2) {
      toPower(found);
    }
    const auto [squares, vectors] = symmetricEigen(doubleProducts(found.rows, found.rows));
    const std::int64_t samples = squares.size(0);
    const std::int64_t most = count_ > 0 ? count_ : std::max<std::int64_t>(samples / 2, 1);
    const at::Tensor order = at::arange(samples, at::kLong);
    const double smallest = rtol_ * rtol_ * squares[-1].item<double>();
    const at::Tensor taken =
        squares.gt(0).logical_and(squares.ge(smallest)).logical_and(order.ge(samples - most));
    const at::Tensor inverse = at::where(taken, squares.reciprocal(), at::zeros_like(squares));
    const at::Tensor weights = vectors.mv(inverse * vectors.t().mv(found.values));
    at::Tensor parameters = step.parameters;
    parameters.add_(found.rows.t().mv(weights.to(found.rows.scalar_type())),
                    -rate_ * step.rateFactor);
  }

  void exchangeState(StateArchive&) override {}

 private:
  /// ℓ and ∇ℓ become ℓ^(κ/2) and its gradient; a sample without loss has none of either.
  void toPower(SampleRows& found) const {
    const at::Tensor losses = found.values.clamp_min(0);
    const at::Tensor slopes =
        at::where(losses.gt(0), kappa_ / 2 * losses.pow(kappa_ / 2 - 1), at::zeros_like(losses));
    found.values = losses.pow(kappa_ / 2);
    found.rows.mul_(slopes.to(found.rows.scalar_type()).unsqueeze(1));
  }

  double rate_;
  double kappa_;
  double rtol_;
  std::int64_t count_;
  SampleNumbers numbers_;
};

}  // namespace

OptimizerKind sven() {
  OptimizerKind kind;
  kind.name = "sven";
  kind.summary = "minimum-norm steps that lower every sample's loss at once; for small batches";
  kind.source = "arXiv 2604.01279 and its authors' code (sambt/sven)";
  kind.options = {
      learningRateOption(0.1),
      nonNegativeOption("kappa", 2, "the residual of a sample is its loss to the power kappa/2"),
      decayRateOption("rtol", 1e-3, "singular values below this share of the largest are left out"),
      countOption("k", 0, 0, 1'000'000, "singular values that are used; 0: half of the residuals"),
      wordOption("residual", {"loss", "output"},
                 "output: under the loss mse the residuals are outputs less targets"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor&) { return std::make_unique<Sven>(values); };
  return kind;
}

}  // namespace tarn::engine
