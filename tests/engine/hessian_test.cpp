#include "engine/curvature/hessian.h"

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using namespace tarn;
using engine::Hessian;

namespace {

/// All eigenvalues, descending, from the columns H·eᵢ.
std::vector<double> spectrumOf(engine::Experiment& experiment, std::uint64_t keepBytes = 0) {
  Hessian hessian(*experiment.model, engine::makeBatches(experiment.data, {2, false}),
                  experiment.loss, keepBytes);
  const auto n = hessian.size();
  const auto basis = at::eye(n, at::kDouble);
  std::vector<at::Tensor> columns;
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

/// W₂W₁x on the unit vectors as inputs, with the outputs at aligned factors as targets: at the
/// minimum of ‖W₂W₁ − T‖²/(d_L·d₀).
engine::Experiment deepLinear(double m) {
  const auto aligned = [&](std::int64_t rows, std::int64_t columns) {
    auto w = at::zeros({rows, columns}, at::kDouble);
    for (int i = 0; i < 3; ++i) {
      w[i][i] = m;
    }
    return w;
  };
  const auto first = aligned(6, 7);
  const auto second = aligned(5, 6);
  const auto inputs = at::eye(7, at::kDouble);
  const auto targets = inputs.matmul(first.t()).matmul(second.t());
  return test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.a.t()).matmul(self.b.t())\n",
                        {{"a", first}, {"b", second}}),
      inputs, targets, engine::Loss::mse);
}

}  // namespace

TEST_CASE("the Hessian of a quadratic form is its matrix, positive or not") {
  auto a = at::diag(torch::tensor({4., 1., .25, 0., -3.}, at::kDouble));
  a[0][1] = a[1][0] = .5;
  auto experiment = test::withHessian(a);
  Hessian hessian(*experiment.model, engine::makeBatches(experiment.data, {}), experiment.loss, 0);
  const auto v = engine::gaussianVector(5, 9);
  CHECK((hessian.product(v) - a.mv(v)).abs().max().item<double>() < 1e-14);
}

TEST_CASE("a deep linear net at its minimum has the dominant and bulk eigenvalues of theory") {
  // ½‖W₂W₁ − T‖²: 2m² × r², m² × r(d₀ + d_L − 2r), rest 0, with d₀=7, h=6, d_L=5, r=3, m=1.1.
  // Our mse is ‖…‖²/(d_L·d₀), so everything is multiplied by 2/(5·7).
  auto experiment = deepLinear(1.1);
  const double scale = 2.0 / 35;
  checkSpectrum(spectrumOf(experiment), {{2.42 * scale, 9}, {1.21 * scale, 18}, {0, 45}}, 1e-12);
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

TEST_CASE("kept graphs change no product") {
  const auto make = [] {
    return test::experimentOf(
        test::scriptModel(
            "def forward(self, x):\n  return torch.tanh(x.matmul(self.a)).matmul(self.b)\n",
            {{"a", engine::gaussianVector(12, 1).view({4, 3})},
             {"b", engine::gaussianVector(9, 2).view({3, 3})}}),
        engine::gaussianVector(28, 3).view({7, 4}), at::arange(7, at::kLong).remainder(3),
        engine::Loss::crossEntropy);
  };
  auto experiment = make();
  const auto batches = engine::makeBatches(experiment.data, {2, false});
  Hessian fresh(*experiment.model, batches, experiment.loss, 0);
  Hessian keeping(*experiment.model, batches, experiment.loss, std::uint64_t{1} << 30U);
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto v = engine::gaussianVector(21, seed);
    CHECK(at::equal(fresh.product(v), keeping.product(v)));
  }
  CHECK(fresh.kept() == 0);
  CHECK(keeping.kept() == 4);
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
  Hessian hessian(*experiment.model, engine::makeBatches(experiment.data, {}), experiment.loss, 0);
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

TEST_CASE("a model that cannot be differentiated twice or overflows is an error that says so") {
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return (self.w * x).sqrt()\n",
                        {{"w", at::zeros({1}, at::kDouble)}}),
      at::ones({1, 1}, at::kDouble), at::ones({1, 1}, at::kDouble), engine::Loss::mse);
  Hessian hessian(*experiment.model, engine::makeBatches(experiment.data, {}), experiment.loss, 0);
  try {
    hessian.product(at::ones({1}, at::kDouble));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::numerical);
  }
}
