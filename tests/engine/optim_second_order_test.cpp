// Optimizers of second order against plain statements of their formulas.
#include <cmath>
#include <string>
#include <vector>

#include "engine/curvature/random_vector.h"
#include "engine/model/builtin.h"
#include "optim_support.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"
#include "training_support.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::FormulaBatch;
using tarn::test::spaceAt;
using tarn::test::stepOn;

namespace {

std::unique_ptr<Optimizer> optimizerOf(const std::string& spec, const ParameterSpace& space) {
  return makeOptimizer(parseOptimizerSpec(spec), space);
}

at::Tensor gaussian(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return gaussianVector(rows * columns, seed).view({rows, columns});
}

/// How far one step moves θ.
at::Tensor moveOf(Optimizer& optimizer, const ParameterSpace& space, const at::Tensor& gradient) {
  const at::Tensor before = space.flat().clone();
  optimizer.step({space.flat(), gradient, 1});
  return space.flat() - before;
}

double relative(const at::Tensor& found, const at::Tensor& expected) {
  return ((found - expected).norm() / expected.norm()).item<double>();
}

/// Losses a_i·θ − b_i, one a sample: as residuals they are linear.
FormulaBatch::Formula linearLosses(const at::Tensor& a, const at::Tensor& b) {
  return [=](const at::Tensor& theta) { return a.mv(theta) - b; };
}

}  // namespace

TEST_CASE("M-FAC's step is the inverse Fisher matrix of the latest gradients times the gradient",
          "[optim]") {
  // Two other ways to the same vector: the dense inverse of λI + (1/j)Σgᵢgᵢᵀ, and one rank-one
  // update of the inverse (Sherman–Morrison) after the other.
  constexpr double kDamping = 0.01;
  constexpr std::int64_t kKept = 3;
  const at::Tensor gradients = gaussian(7, 6, 4);
  ParameterSpace space = spaceAt(at::zeros({6}, at::kDouble));
  const auto mfac = optimizerOf("mfac:lr=1,m=3,damping=0.01", space);
  for (std::int64_t t = 0; t < gradients.size(0); ++t) {
    const std::int64_t first = std::max<std::int64_t>(0, t + 1 - kKept);
    const at::Tensor held = gradients.narrow(0, first, t + 1 - first);
    const auto j = static_cast<double>(held.size(0));
    const at::Tensor identity = at::eye(6, at::kDouble);
    const at::Tensor dense = torch::linalg_inv(kDamping * identity + held.t().mm(held) / j);
    at::Tensor recursive = identity / kDamping;
    for (std::int64_t i = 0; i < held.size(0); ++i) {
      const at::Tensor turned = recursive.mv(held[i]);
      recursive = recursive - at::outer(turned, turned) / (j + held[i].dot(turned));
    }
    const at::Tensor move = moveOf(*mfac, space, gradients[t]);
    CHECK(relative(move, -dense.mv(gradients[t])) < 1e-11);
    CHECK(relative(move, -recursive.mv(gradients[t])) < 1e-11);
  }
}

TEST_CASE("M-FAC keeps its digits in float32 where the damping is small", "[optim]") {
  // The textbook form (g − Gᵀα)/λ loses five of seven digits here.
  const at::Tensor gradients = gaussian(5, 200, 9);
  ParameterSpace exact = spaceAt(at::zeros({200}, at::kDouble));
  ParameterSpace rounded = spaceAt(at::zeros({200}, at::kFloat));
  const auto reference = optimizerOf("mfac:lr=1,damping=1e-5", exact);
  const auto mfac = optimizerOf("mfac:lr=1,damping=1e-5", rounded);
  for (std::int64_t t = 0; t < gradients.size(0); ++t) {
    const at::Tensor expected =
        moveOf(*reference, exact, gradients[t].to(at::kFloat).to(at::kDouble));
    rounded.flat().zero_();
    CHECK(relative(moveOf(*mfac, rounded, gradients[t].to(at::kFloat)), expected) < 1e-5);
  }
}

TEST_CASE("M-FAC copes with gradients that repeat and with huge ones", "[optim]") {
  ParameterSpace space = spaceAt(at::zeros({6}, at::kDouble));
  const auto mfac = optimizerOf("mfac:lr=1,m=4", space);
  const at::Tensor gradient = gaussian(1, 6, 2)[0] * 1e12;
  for (int t = 0; t < 6; ++t) {
    // λI + ggᵀ whatever the number of copies: the step is g/‖g‖².
    const at::Tensor move = moveOf(*mfac, space, gradient);
    CHECK(relative(move, -gradient / gradient.dot(gradient)) < 1e-3);
  }
}

TEST_CASE("one full step of Sven solves a linear problem with the least change", "[optim]") {
  const at::Tensor a = gaussian(4, 7, 1);
  const at::Tensor b = gaussian(1, 4, 2)[0];
  const at::Tensor before = gaussian(1, 7, 3)[0];
  // The minimum-norm solution of Aδ = b − Aθ by the normal equations of the second kind.
  const at::Tensor least = a.t().mv(torch::linalg_solve(a.mm(a.t()), b - a.mv(before)));
  SECTION("where the losses themselves are linear") {
    ParameterSpace space = spaceAt(before);
    FormulaBatch batch(space, linearLosses(a, b));
    stepOn(*optimizerOf("sven:lr=1,rtol=0,k=4", space), space, batch);
    CHECK(relative(space.flat() - before, least) < 1e-11);
    CHECK(linearLosses(a, b)(space.flat()).abs().max().item<double>() < 1e-12);
  }
  SECTION("where the losses are squares and kappa=1 takes their roots") {
    ParameterSpace space = spaceAt(before);
    FormulaBatch batch(space, [&](const at::Tensor& theta) { return (a.mv(theta) - b).square(); });
    stepOn(*optimizerOf("sven:lr=1,rtol=0,k=4,kappa=1", space), space, batch);
    CHECK(relative(space.flat() - before, least) < 1e-11);
  }
  SECTION("in part with a smaller rate") {
    ParameterSpace space = spaceAt(before);
    FormulaBatch batch(space, linearLosses(a, b));
    stepOn(*optimizerOf("sven:lr=0.25,rtol=0,k=4", space), space, batch);
    CHECK(relative(space.flat() - before, least / 4) < 1e-11);
  }
}

TEST_CASE("Sven leaves out small singular values and all but the k largest", "[optim]") {
  // Residuals 3θ₁ − 1, θ₂ − 1, 0.1θ₃ − 1 have the singular values 3, 1 and 0.1.
  const at::Tensor a = at::diag(torch::tensor({3.0, 1.0, 0.1}, at::kDouble));
  const auto solved = [&](const std::string& spec) {
    ParameterSpace space = spaceAt(at::zeros({3}, at::kDouble));
    FormulaBatch batch(space, linearLosses(a, at::ones({3}, at::kDouble)));
    stepOn(*optimizerOf(spec, space), space, batch);
    return space.flat().clone();
  };
  const auto near = [](const at::Tensor& found, std::vector<double> expected) {
    return at::allclose(found, torch::tensor(expected, at::kDouble), 1e-12, 1e-12);
  };
  CHECK(near(solved("sven:lr=1,k=3"), {1.0 / 3, 1, 10}));
  CHECK(near(solved("sven:lr=1,k=3,rtol=0.1"), {1.0 / 3, 1, 0}));
  CHECK(near(solved("sven:lr=1,k=3,rtol=0.5"), {1.0 / 3, 0, 0}));
  CHECK(near(solved("sven:lr=1,k=2"), {1.0 / 3, 1, 0}));
  CHECK(near(solved("sven:lr=1"), {1.0 / 3, 0, 0}));  // k = ⌊3/2⌋
}

TEST_CASE("Sven on the outputs of a linear network fits three samples in one step", "[optim]") {
  // Four parameters, three samples: the residuals are linear in θ, so that one step ends at 0.
  const auto model = makeBuiltin("mlp:3-1,dtype=f64@init:2");
  Dataset data;
  data.inputs = gaussian(3, 3, 5);
  data.targets = gaussian(3, 1, 6);
  tarn::test::Recorder recorder;
  const TrainOutcome outcome =
      train(*model, data, Loss::mse,
            test::settingsFor("sven:residual=output,lr=1,rtol=0,k=3", 1, 3), recorder);
  CHECK(recorder.snapshots.front().loss > 0.01);
  CHECK(outcome.loss < 1e-20);
}

TEST_CASE("on a convex quadratic GNS takes every first trial and doubles γ each time", "[optim]") {
  // So θ_{k+1} = θ_k − (H + ‖g_k‖/2^k·I)⁻¹g_k, here by solving with H itself.
  const at::Tensor hessian =
      test::rotated(torch::tensor({0.01, 0.3, 1.0, 7.0, 40.0}, at::kDouble), 8);
  const auto formula = [&](const at::Tensor& theta) { return 0.5 * theta.dot(hessian.mv(theta)); };
  for (const std::string solver : {"", ":dense=0,cg_tolerance=1e-13,cg_products=1000"}) {
    INFO(solver);
    ParameterSpace space = spaceAt(gaussian(1, 5, 3)[0] * 5);
    FormulaBatch batch(space, formula);
    const auto gns = optimizerOf("gns-newton" + solver, space);
    at::Tensor expected = space.flat().clone();
    int k = 0;
    // Until rounding is all there is left.
    for (; expected.norm().item<double>() > 1e-9; ++k) {
      const at::Tensor gradient = hessian.mv(expected);
      const double damping = gradient.norm().item<double>() / std::pow(2.0, k);
      expected =
          expected - torch::linalg_solve(hessian + damping * at::eye(5, at::kDouble), gradient);
      const int before = batch.gradients;
      stepOn(*gns, space, batch);
      CHECK(batch.gradients == before + 2);  // the step's own and one trial
      CHECK(at::allclose(space.flat(), expected, 1e-8, 1e-12));
    }
    CHECK(k >= 5);
  }
}

TEST_CASE("GNS never raises the loss, also where the curvature is negative", "[optim]") {
  for (const std::string solver : {"", ":dense=0"}) {
    INFO(solver);
    ParameterSpace space = spaceAt(test::optimStart());
    FormulaBatch batch(space, test::wavyLoss);
    const auto gns = optimizerOf("gns-newton" + solver, space);
    const double start = batch.loss(space.flat());
    double last = start;
    for (int k = 0; k < 30; ++k) {
      stepOn(*gns, space, batch);
      const double now = batch.loss(space.flat());
      CHECK(now <= last);
      last = now;
    }
    CHECK(last < start / 2);
    CHECK(batch.gradient(space.flat()).gradient.norm().item<double>() < 1e-6);
  }
}

TEST_CASE("GNS halves γ after a refusal and stays where nothing is accepted", "[optim]") {
  // A loss whose gradient points uphill of what is measured: no trial lowers it.
  ParameterSpace space = spaceAt(at::ones({2}, at::kDouble));
  int measured = 0;
  class Deceptive : public FormulaBatch {
   public:
    Deceptive(const ParameterSpace& space, int& count)
        : FormulaBatch(space, [](const at::Tensor& x) { return 0.5 * x.square().sum(); }),
          count_(count) {}
    LossAndGradient gradient(const at::Tensor& parameters) override {
      ++count_;
      LossAndGradient found = FormulaBatch::gradient(parameters);
      found.loss = static_cast<double>(count_);
      return found;
    }

   private:
    int& count_;
  } batch(space, measured);
  const auto gns = optimizerOf("gns-newton", space);
  stepOn(*gns, space, batch);
  CHECK(measured == 1 + 40);
  CHECK(at::equal(space.flat(), at::ones({2}, at::kDouble)));
}
