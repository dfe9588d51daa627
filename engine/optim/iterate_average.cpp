#include <memory>

#include <ATen/ATen.h>

#include "engine/optim/options.h"
#include "engine/optim/wrapper.h"

namespace tarn::engine {
namespace {

/// The inner rule's steps as they are, and beside them the average of the θ it has come to after
/// step `start`: θ̄ ← θ̄ + (θ − θ̄)/n, or with a decay θ̄ ← decay·θ̄ + (1 − decay)·θ from the first
/// of them on.
class IterateAverage : public Wrapper {
 public:
  IterateAverage(const OptimizerValues& values, const at::Tensor& like,
                 std::unique_ptr<Optimizer> inner)
      : Wrapper(std::move(inner)),
        decay_(values.number("decay")),
        start_(values.integer("start")),
        mean_(at::zeros_like(like, at::kDouble)) {}

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    inner().step(step);
    ++steps_;
    if (steps_ <= start_) {
      return;
    }
    const auto n = static_cast<double>(steps_ - start_);
    const double share = n == 1 ? 1 : decay_ > 0 ? 1 - decay_ : 1 / n;
    mean_.add_(step.parameters - mean_, share);
  }

  at::Tensor average() const override { return steps_ > start_ ? mean_ : at::Tensor(); }

  void exchangeState(StateArchive& archive) override {
    Wrapper::exchangeState(archive);
    archive.integer("average.steps", steps_);
    archive.tensor("average.mean", mean_);
  }

 private:
  double decay_;
  std::int64_t start_;
  std::int64_t steps_ = 0;
  at::Tensor mean_;
};

}  // namespace

WrapperKind iterateAverage() {
  WrapperKind kind;
  kind.name = "average";
  kind.summary = "the running average of θ as a second trajectory; the steps stay as they are";
  kind.source = "Polyak and Juditsky, SIAM J. Control Optim. 30, 1992";
  kind.options = {
      decayRateOption("decay", 0, "of an exponential average; 0: all count alike"),
      countOption("start", 0, 0, std::int64_t{1} << 40, "steps before the first that counts"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like, std::unique_ptr<Optimizer> inner) {
    return std::make_unique<IterateAverage>(values, like, std::move(inner));
  };
  return kind;
}

}  // namespace tarn::engine
