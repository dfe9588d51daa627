#include <ATen/ATen.h>

#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/newton_schulz.h"
#include "engine/optim/options.h"

namespace tarn::engine {
namespace {

/// √mean(cosh²X).
at::Tensor coshRms(const at::Tensor& x) {
  return x.cosh().square_().mean().sqrt();
}

at::Tensor normalized(const at::Tensor& matrix) {
  return matrix / (matrix.norm() + 1e-7);
}

/// As the paper has it: X = G/(‖G‖_F + 1e-7), then X/(√mean(cosh²X) + 1e-8).
at::Tensor divisionOfPaper(const at::Tensor& matrix) {
  const at::Tensor x = normalized(matrix);
  return x / (coshRms(x) + 1e-8);
}

/// As the authors' code has it: G/(√mean(cosh²(γX)) + 1e-8), so that G keeps its length.
at::Tensor divisionOfRepository(const at::Tensor& matrix, double gamma) {
  return matrix / (coshRms(normalized(matrix) * gamma) + 1e-8);
}

/// G = Nesterov's momentum, in the hybrids made nearly orthogonal first; then one of the divisions
/// above; W ← (1 − lr·wd)W − lr·that. As mean(cosh²) = 1 + mean(sinh²) is near 1, large layers move
/// much as by (normalized) momentum.
class Auon : public MatrixRule {
 public:
  Auon(const OptimizerValues& values, const at::Tensor& like)
      : decay_(values.number("weight_decay")), momentum_(values, like) {
    if (values.json().contains("gamma")) {
      gamma_ = values.number("gamma");
    }
    if (values.json().contains("ns_steps")) {
      steps_ = values.integer("ns_steps");
    }
  }

  void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) override {
    at::Tensor update = momentum_.lookAhead(gradient);
    if (steps_ > 0) {
      update = newtonSchulz(update, steps_);
    }
    update = gamma_ ? divisionOfRepository(update, *gamma_) : divisionOfPaper(update);
    decayWeights(weights, rate, decay_);
    at::Tensor moved = weights;
    moved.add_(update, -rate);
  }

  void exchangeState(StateArchive& archive) override { momentum_.exchangeState(archive); }

 private:
  double decay_;
  std::optional<double> gamma_;  ///< of the repository's division; none: the paper's
  std::int64_t steps_ = 0;
  MatrixMomentum momentum_;
};

OptimizerKind kindOf(const std::string& name, const std::string& summary, double rate) {
  OptimizerKind kind;
  kind.name = name;
  kind.summary = summary;
  kind.source = "AuON, arXiv 2509.24320; github.com/ryyzn9/AuON";
  kind.options = {learningRateOption(rate), momentumOption(), weightDecayOption(0.01)};
  return kind;
}

OptimizerOption gammaOption() {
  return nonNegativeOption("gamma", 1.5, "times the normalized momentum inside cosh");
}

OptimizerOption stepsOption(std::int64_t initial) {
  return countOption("ns_steps", initial, 1, 100, "Newton–Schulz steps before the division");
}

OptimizerKind finished(OptimizerKind kind) {
  useMatrixRule(kind, [](const OptimizerValues& values, const at::Tensor& like) {
    return std::make_unique<Auon>(values, like);
  });
  return kind;
}

}  // namespace

OptimizerKind auonPaper() {
  return finished(kindOf("auon-paper",
                         "normalized momentum over the rms of its cosh, as in the "
                         "paper",
                         0.055));
}

OptimizerKind auonRepo() {
  OptimizerKind kind =
      kindOf("auon-repo", "momentum over the rms of its cosh, as in the authors' code", 0.24);
  kind.options.push_back(gammaOption());
  return finished(std::move(kind));
}

OptimizerKind auonHybridPaper() {
  OptimizerKind kind =
      kindOf("auon-hybrid-paper", "auon-paper after one Newton–Schulz step", 0.055);
  kind.options.push_back(stepsOption(1));
  return finished(std::move(kind));
}

OptimizerKind auonHybridRepo() {
  OptimizerKind kind = kindOf("auon-hybrid-repo", "auon-repo after five Newton–Schulz steps", 0.24);
  kind.options.push_back(gammaOption());
  kind.options.push_back(stepsOption(5));
  return finished(std::move(kind));
}

}  // namespace tarn::engine
