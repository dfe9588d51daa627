#include "engine/curvature/hessian.h"

#include <algorithm>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/bulk.h"
#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "support.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using namespace tarn;

namespace {

/// All eigenvalues, descending, from the columns H·eᵢ.
std::vector<double> spectrumOf(engine::Experiment& experiment, std::uint64_t keepBytes = 0) {
  auto hessian = test::hessianOf(experiment, 2, keepBytes);
  const auto n = hessian.size();
  const auto basis = at::eye(n, at::kDouble);
  std::vector<at::Tensor> columns;
  columns.reserve(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    columns.push_back(hessian.product(basis[i]));
  }
  const auto values = at::linalg_eigvalsh(at::stack(columns)).flip(0).contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + n};
}

void checkSpectrum(const std::vector<double>& actual,
                   const std::vector<std::pair<double, int>>& expected, double tolerance) {
  std::size_t i = 0;
  for (const auto& [value, count] : expected) {
    for (int k = 0; k < count; ++k, ++i) {
      REQUIRE(i < actual.size());
      CHECK_THAT(actual[i], WithinAbs(value, tolerance));
    }
  }
  CHECK(i == actual.size());
}

}  // namespace

TEST_CASE("the Hessian of a quadratic form is its matrix, positive or not") {
  auto a = at::diag(torch::tensor({4., 1., .25, 0., -3.}, at::kDouble));
  a[0][1] = a[1][0] = .5;
  auto experiment = test::withHessian(a);
  auto hessian = test::hessianOf(experiment);
  const auto v = engine::gaussianVector(5, 9);
  CHECK((hessian.product(v) - a.mv(v)).abs().max().item<double>() < 1e-14);
}

TEST_CASE("softmax regression at zero weights: λ_j(E[xxᵀ])/C, C−1 times, and zeros") {
  const auto inputs = engine::gaussianVector(40, 2).view({10, 4});
  const auto second = inputs.t().matmul(inputs) / 10;
  const auto eigenvalues = at::linalg_eigvalsh(second).flip(0).contiguous();
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.w.t())\n",
                        {{"w", at::zeros({3, 4}, at::kDouble)}}),
      inputs, at::arange(10, at::kLong).remainder(3), engine::Loss::crossEntropy);
  std::vector<std::pair<double, int>> expected;
  expected.reserve(5);
  for (int j = 0; j < 4; ++j) {
    expected.emplace_back(eigenvalues[j].item<double>() / 3, 2);
  }
  expected.emplace_back(0, 4);
  checkSpectrum(spectrumOf(experiment), expected, 1e-12);

  SECTION("and Lanczos finds the pairs of equal eigenvalues") {
    auto hessian = engine::makeHessian(experiment, {});
    engine::LanczosOptions options;
    options.top = 4;
    const auto pairs = engine::eigenpairs(hessian, experiment, options);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK_THAT(pairs.values[i], WithinAbs(expected[i / 2].first, 1e-9));
    }
  }
}

TEST_CASE("products agree with central differences of the gradient") {
  auto experiment = test::experimentOf(
      test::scriptModel(
          "def forward(self, x):\n  return torch.tanh(x.matmul(self.a)).matmul(self.b)\n",
          {{"a", engine::gaussianVector(12, 4).view({4, 3})},
           {"b", engine::gaussianVector(9, 5).view({3, 3})}}),
      engine::gaussianVector(24, 6).view({6, 4}), engine::gaussianVector(18, 7).view({6, 3}),
      engine::Loss::mse);
  auto& space = experiment.model->parameters();
  const auto theta = space.flat().clone();
  const auto v = engine::gaussianVector(space.size(), 8);
  auto hessian = test::hessianOf(experiment);
  const auto product = hessian.product(v);
  const auto gradientAt = [&](double step) {
    space.set(theta + step * v);
    const auto outputs = experiment.model->forward(experiment.data.inputs);
    const auto loss = engine::lossPerSample(experiment.loss, outputs, experiment.data.targets);
    return space.flatten(torch::autograd::grad({loss.mean()}, space.leaves()));
  };
  const double step = 1e-5;
  const auto difference = (gradientAt(step) - gradientAt(-step)) / (2 * step);
  CHECK((product - difference).norm().item<double>() < 1e-8 * product.norm().item<double>());
}

TEST_CASE("rank-one data has E[a²] C times and nothing else") {
  // ½‖Wx − y‖² with x = a·u, |u| = 1: the Hessian is I ⊗ E[a²]uuᵀ. Our mse is 2/C times that.
  const std::int64_t classes = 4;
  auto u = engine::gaussianVector(6, 1);
  u.div_(u.norm());
  const auto a = engine::gaussianVector(30, 2);
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.w.t())\n",
                        {{"w", engine::gaussianVector(24, 3).view({classes, 6})}}),
      a.outer(u), engine::gaussianVector(120, 4).view({30, classes}), engine::Loss::mse);
  const double square = a.square().mean().item<double>();
  checkSpectrum(spectrumOf(experiment), {{square * 2 / classes, classes}, {0, 20}}, 1e-12);
}

TEST_CASE("deep linear nets of more layers bifurcate in the ratio of their depth") {
  // ½‖W_L…W₁ − T‖² at the minimum: L·m^{2(L−1)} × r², m^{2(L−1)} × r(d₀ + d_L − 2r), rest 0, with
  // d₀=7, h=6, d_L=5, r=3. Our mse on unit vectors is 2/(d_L·d₀) times that.
  const int depth = GENERATE(2, 3, 4, 5, 6);
  const double m = 1.1;
  auto experiment = test::deepLinear(depth, {m, m, m});
  const auto values = spectrumOf(experiment);
  const double bulk = std::pow(m, 2 * (depth - 1)) * 2 / 35;
  const auto size = static_cast<int>(values.size());
  checkSpectrum(values, {{depth * bulk, 9}, {bulk, 18}, {0, size - 27}}, 1e-12);
  const auto split = engine::splitBulk(values, engine::BulkMethod::gap, 0);
  REQUIRE(split);
  CHECK(split->outliers == 9);
  CHECK_THAT(split->bifurcationRatio, WithinAbs(depth, 1e-9));
  if (depth == 2) {  // the numbers of m = 1.1
    CHECK_THAT(values[0] * 35 / 2, WithinAbs(2.42, 1e-12));
    CHECK_THAT(values[9] * 35 / 2, WithinAbs(1.21, 1e-12));
  }
}

TEST_CASE("singular values that differ spread the spectrum of a deep linear net as theory says") {
  // Σ_l σ_i^{2(L−l)} σ_j^{2(l−1)} for all i, j ≤ r; σ_i^{2(L−1)} d₀ + d_L − 2r times for each i;
  // rest 0. All of it times 2/(d_L·d₀).
  const int depth = GENERATE(2, 3, 4, 5, 6);
  const std::vector<double> sigma{1.3, 1.1, .8};
  auto experiment = test::deepLinear(depth, sigma);
  std::vector<double> expected;
  for (const double si : sigma) {
    for (const double sj : sigma) {
      double sum = 0;
      for (int l = 1; l <= depth; ++l) {
        sum += std::pow(si, 2 * (depth - l)) * std::pow(sj, 2 * (l - 1));
      }
      expected.push_back(sum);
    }
    expected.insert(expected.end(), 6, std::pow(si, 2 * (depth - 1)));
  }
  const auto values = spectrumOf(experiment);
  expected.resize(values.size(), 0);
  std::sort(expected.rbegin(), expected.rend());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK_THAT(values[i] * 35 / 2, WithinAbs(expected[i], 1e-11));
  }
}

TEST_CASE("off the minimum a deep linear net has negative curvature as theory says") {
  // L = 2, residual e on the task block: 2m²+e × r(r+1)/2; 2m²−e × r(r−1)/2; −e × r(r+1)/2;
  // +e × r(r−1)/2; ±e × r(h−r) each; m² × r(d₀+d_L−2r); rest 0.
  const double m = 1.1;
  const double e = .3;
  auto experiment = test::deepLinear(2, {m, m, m});
  for (int i = 0; i < 3; ++i) {
    experiment.data.targets[i][i] -= e;
  }
  std::vector<double> expected;
  const auto add = [&](double value, int count) { expected.insert(expected.end(), count, value); };
  add(2 * m * m + e, 6);
  add(2 * m * m - e, 3);
  add(-e, 6);
  add(e, 3);
  add(e, 9);
  add(-e, 9);
  add(m * m, 18);
  add(0, 72 - 54);
  std::sort(expected.rbegin(), expected.rend());
  const auto values = spectrumOf(experiment);
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK_THAT(values[i] * 35 / 2, WithinAbs(expected[i], 1e-11));
  }
}
