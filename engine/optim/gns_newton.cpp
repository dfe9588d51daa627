#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>

#include <ATen/ATen.h>

#include "engine/optim/batch_function.h"
#include "engine/optim/options.h"
#include "engine/optim/run_facts.h"

namespace tarn::engine {
namespace {

/// A trust so large that the damping is nothing any more.
constexpr double mostTrust = 1e15;
constexpr int mostRefusals = 40;

/// (A + λI)x = b for many λ; no x where A + λI is found not to be positive definite.
using DampedSolver = std::function<std::optional<at::Tensor>(const at::Tensor& b, double damping)>;

/// By Cholesky, with all of A at hand.
DampedSolver denseSolver(const at::Tensor& matrix) {
  return [matrix](const at::Tensor& b, double damping) -> std::optional<at::Tensor> {
    const auto identity = at::eye(matrix.size(0), matrix.options());
    const auto [factor, info] = at::linalg_cholesky_ex(matrix + damping * identity);
    if (info.item<std::int64_t>() != 0) {
      return std::nullopt;
    }
    return at::cholesky_solve(b.unsqueeze(1), factor).squeeze(1);
  };
}

/// By conjugate gradients, until the residual is `tolerance` of b or after so many products.
DampedSolver iterativeSolver(const std::function<at::Tensor(const at::Tensor&)>& product,
                             double tolerance, std::int64_t most) {
  return [=](const at::Tensor& b, double damping) -> std::optional<at::Tensor> {
    at::Tensor x = at::zeros_like(b);
    at::Tensor residual = b.clone();
    at::Tensor direction = b.clone();
    double square = residual.dot(residual).item<double>();
    const double enough = tolerance * tolerance * square;
    for (std::int64_t i = 0; i < most && square > enough; ++i) {
      const at::Tensor bent = product(direction).add_(direction, damping);
      const double curvature = direction.dot(bent).item<double>();
      if (!(curvature > 0)) {
        return std::nullopt;
      }
      x.add_(direction, square / curvature);
      residual.sub_(bent, square / curvature);
      const double next = residual.dot(residual).item<double>();
      direction = residual.add(direction, next / square);
      square = next;
    }
    return x;
  };
}

/// λ = ‖g‖/γ; (A + λI)d = −g with the Hessian or its Gauss–Newton part A. θ + lr·d is taken when
/// L(θ) − L(θ + lr·d) ≥ ‖g₊‖²/(8λ), and γ doubles; else γ halves and d is made anew. After 40
/// refusals θ stays for this step.
class GnsNewton : public Optimizer {
 public:
  explicit GnsNewton(const OptimizerValues& values)
      : rate_(values.number("lr")),
        matrix_(values.word("matrix") == "hessian" ? CurvatureMatrix::hessian
                                                   : CurvatureMatrix::gaussNewton),
        dense_(values.integer("dense")),
        tolerance_(values.number("cg_tolerance")),
        products_(values.integer("cg_products")),
        trust_(values.number("gamma")) {}

  void requireFit(const RunFacts& facts) const override {
    if (matrix_ == CurvatureMatrix::gaussNewton) {
      requireOutputs("gns-newton:matrix=gauss-newton", facts);
    }
    if (facts.parameters <= dense_) {
      // The matrix, its factor and the damped copy, in float64.
      requireVectors("gns-newton",
                     3 * facts.parameters * 8 / static_cast<std::int64_t>(facts.numberBytes), facts,
                     "Make dense smaller");
    }
  }
  bool asksBatch() const override { return true; }
  bool followsGradient() const override { return false; }
  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    const at::Tensor gradient = step.gradient.to(at::kDouble);
    const double norm = gradient.norm().item<double>();
    if (norm == 0) {
      return;
    }
    const DampedSolver solve = solver(*step.batch, step.parameters.numel());
    const double rate = rate_ * step.rateFactor;
    double trust = trust_;
    for (int refusals = 0; refusals < mostRefusals; ++refusals, trust /= 2) {
      const double damping = norm / trust;
      const auto direction = solve(-gradient, damping);
      if (!direction) {
        continue;
      }
      const at::Tensor next =
          step.parameters.add(direction->to(step.parameters.scalar_type()), rate);
      const auto found = step.batch->gradient(next);
      const double slope = found.gradient.to(at::kDouble).norm().item<double>();
      if (step.loss - found.loss >= slope * slope / (8 * damping)) {
        at::Tensor parameters = step.parameters;
        parameters.copy_(next);
        trust_ = std::min(2 * trust, mostTrust);
        return;
      }
    }
    trust_ = trust;
  }

  void exchangeState(StateArchive& archive) override { archive.number("gns-newton.gamma", trust_); }

 private:
  DampedSolver solver(BatchFunction& batch, std::int64_t size) const {
    const auto product = [&batch, matrix = matrix_](const at::Tensor& v) {
      return batch.product(v, matrix);
    };
    if (size > dense_) {
      return iterativeSolver(product, tolerance_, products_);
    }
    const at::Tensor identity = at::eye(size, at::kDouble);
    at::Tensor whole = at::empty_like(identity);
    for (std::int64_t i = 0; i < size; ++i) {
      whole[i].copy_(product(identity[i]));
    }
    return denseSolver((whole + whole.t()) / 2);
  }

  double rate_;
  CurvatureMatrix matrix_;
  std::int64_t dense_;
  double tolerance_;
  std::int64_t products_;
  double trust_;  ///< γ
};

}  // namespace

OptimizerKind gnsNewton() {
  OptimizerKind kind;
  kind.name = "gns-newton";
  kind.summary = "Newton's method, damped by gradient-normalized smoothness; for small models";
  kind.source = "arXiv 2506.13710 and its authors' code (epfml/grad-norm-smooth)";
  kind.options = {
      nonNegativeOption("lr", 1, "share of each step that is tried; the schedule multiplies it"),
      wordOption("matrix", {"hessian", "gauss-newton"}, "the matrix of second order"),
      nonNegativeOption("gamma", 1, "where γ begins: the damping is ‖g‖/γ"),
      countOption("dense", 500, 0, 20'000,
                  "parameters up to which the matrix is made and factored"),
      nonNegativeOption("cg_tolerance", 1e-2, "else: the residual of conjugate gradients"),
      countOption("cg_products", 50, 1, 1'000'000, "else: products a trial takes at most"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor&) { return std::make_unique<GnsNewton>(values); };
  return kind;
}

}  // namespace tarn::engine
