// Traces and densities of matrices whose eigenvalues are given: the expected values are sums over
// them, the expected errors what the methods' theory says.

#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/bulk.h"
#include "engine/curvature/density.h"
#include "engine/curvature/random_vector.h"
#include "engine/curvature/trace.h"
#include "support.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;

namespace {

/// Ten outliers 10, 9.7, …, 7.3 times `factor` beside a bulk from −½ to ½.
at::Tensor outliersAndBulk(std::int64_t n, double factor) {
  auto entries = at::linspace(-.5, .5, n, at::kDouble);
  for (int i = 0; i < 10; ++i) {
    entries[i] = factor * (10 - .3 * i);
  }
  return entries;
}

double relativeRmse(const std::vector<double>& values, double exact) {
  double squares = 0;
  for (const auto value : values) {
    squares += std::pow(value / exact - 1, 2);
  }
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("Hutchinson's trace scatters with its variance about the trace, and says so") {
  // Variance 2(‖H‖_F² − Σ H_ii²) a probe (Hutchinson, 1990).
  const auto matrix = test::rotated(at::linspace(-1, 4, 60, at::kDouble), 2);
  const double exact = matrix.trace().item<double>();
  const double variance = 2 * (matrix.square().sum() - matrix.diag().square().sum()).item<double>();
  std::vector<double> values;
  std::vector<double> errors;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto estimate = engine::hutchinsonTrace(test::denseOperator(matrix), 8, seed);
    values.push_back(estimate.trace.value);
    errors.push_back(std::pow(estimate.trace.standardError, 2));
  }
  const auto mean = engine::meanOf(values);
  CHECK(std::abs(mean.value - exact) < 4 * mean.standardError);
  // The spread of a mean of 8 over 400 repetitions is known to 1/√800 = 3.5 %: four times that.
  CHECK_THAT(mean.standardError * std::sqrt(400.0), WithinRel(std::sqrt(variance / 8), .15));
  CHECK_THAT(engine::meanOf(errors).value, WithinRel(variance / 8, .15));
}

TEST_CASE("one set of probes gives the traces of the diagonal blocks, which add up") {
  const auto matrix = test::rotated(at::linspace(0, 5, 50, at::kDouble), 3);
  const std::vector<engine::ParameterRange> blocks{{0, 20}, {20, 5}, {25, 25}};
  const auto estimate = engine::hutchinsonTrace(test::denseOperator(matrix), 400, 1, blocks);
  double sum = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto exact =
        matrix.diag().narrow(0, blocks[i].offset, blocks[i].size).sum().item<double>();
    CHECK(std::abs(estimate.parts[i].value - exact) < 4 * estimate.parts[i].standardError);
    sum += estimate.parts[i].value;
  }
  CHECK_THAT(sum, WithinRel(estimate.trace.value, 1e-12));
}

TEST_CASE("of a diagonal matrix signs give the trace at once") {
  const auto entries = at::linspace(-3, 8, 40, at::kDouble);
  const engine::SymmetricOperator diagonal{40,
                                           [entries](const at::Tensor& v) { return entries * v; }};
  const auto estimate = engine::hutchinsonTrace(diagonal, 2, 5);
  CHECK_THAT(estimate.trace.value, WithinRel(entries.sum().item<double>(), 1e-13));
}

TEST_CASE("with outliers Hutch++ is far nearer than Hutchinson after as many products") {
  // 90 products each. Hutchinson's standard deviation is √(2‖H‖_F²/90); Hutch++ has the outliers in
  // its subspace, and 30 probes for the bulk alone: √(2‖bulk‖_F²/30). The root mean square over 60
  // repetitions is known to 1/√120 = 9 %: four times that.
  for (const double factor : {1.0, 100.0}) {
    const auto entries = outliersAndBulk(500, factor);
    const auto matrix = test::denseOperator(test::rotated(entries, 4));
    const double exact = entries.sum().item<double>();
    std::vector<double> plain;
    std::vector<double> better;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      plain.push_back(engine::hutchinsonTrace(matrix, 90, seed).trace.value);
      const auto estimate = engine::hutchPlusPlusTrace(matrix, 90, seed);
      CHECK(estimate.products == 90);
      better.push_back(estimate.trace.value);
    }
    const auto bulk = entries.narrow(0, 10, 490).square().sum().item<double>();
    const auto all = entries.square().sum().item<double>();
    CHECK_THAT(relativeRmse(plain, exact), WithinRel(std::sqrt(2 * all / 90) / exact, .36));
    CHECK_THAT(relativeRmse(better, exact), WithinRel(std::sqrt(2 * bulk / 30) / exact, .36));
  }
}

TEST_CASE("Hutch++ knows a matrix of low rank exactly") {
  auto entries = at::zeros({100}, at::kDouble);
  entries[0] = 7;
  entries[1] = -3;
  entries[2] = 2;
  const auto estimate =
      engine::hutchPlusPlusTrace(test::denseOperator(test::rotated(entries, 5)), 15, 0);
  CHECK_THAT(estimate.trace.value, WithinAbs(6, 1e-9));
}

TEST_CASE("m nodes of Lanczos quadrature integrate polynomials up to degree 2m − 1 exactly") {
  // Golub & Meurant: Σ wᵢ θᵢᵖ = vᵀHᵖv for p < 2m; for p = 2m no longer.
  const auto matrix = test::rotated(at::linspace(-1, 2, 30, at::kDouble), 6);
  const auto operation = test::denseOperator(matrix);
  auto v = engine::gaussianVector(30, 8);
  const std::int64_t m = 5;
  const auto rule = engine::lanczosQuadrature(operation, v, m);
  v.div_(v.norm());
  REQUIRE(rule.nodes.size() == m);
  const auto integral = [&](int power) {
    double sum = 0;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      sum += rule.weights[i] * std::pow(rule.nodes[i], power);
    }
    return sum;
  };
  auto hpv = v.clone();
  for (int power = 0; power < 2 * m; ++power) {
    CHECK_THAT(integral(power), WithinAbs(v.dot(hpv).item<double>(), 1e-11));
    hpv = matrix.mv(hpv);
  }
  CHECK(std::abs(integral(2 * m) - v.dot(hpv).item<double>()) > 1e-6);
}

TEST_CASE("the density integrates to one, has the eigenvalues' mean, and their peaks") {
  auto entries = at::ones({200}, at::kDouble);
  entries.narrow(0, 0, 50).fill_(5);
  engine::DensityOptions options;
  options.steps = 40;
  const auto density =
      engine::spectralDensity(test::denseOperator(test::rotated(entries, 9)), options);
  double integral = 0;
  double mass = 0;
  for (std::size_t i = 1; i < density.grid.size(); ++i) {
    const double area = .5 * (density.density[i] + density.density[i - 1]) *
                        (density.grid[i] - density.grid[i - 1]);
    integral += area;
    mass += density.grid[i] > 3 ? area : 0;
  }
  CHECK_THAT(integral, WithinAbs(1, 1e-3));
  // A quarter of the eigenvalues is 5. The share of a random vector in their space scatters by
  // √(2·¼·¾/200) a Gaussian probe, and no more for signs.
  CHECK_THAT(mass, WithinAbs(.25, 4 * std::sqrt(2 * .25 * .75 / 200 / 10)));
  CHECK(std::abs(density.mean.value - 2) < 4 * density.mean.standardError);
  // Two distinct eigenvalues: the Krylov space closes after two steps.
  CHECK(density.probes[0].nodes.size() == 2);
}

TEST_CASE("little memory means fewer steps") {
  engine::DensityOptions options;
  options.memoryBytes = std::uint64_t{12} * 300 * 8;
  options.probes = 2;
  const auto matrix = test::rotated(at::linspace(0, 1, 300, at::kDouble), 1);
  const auto density = engine::spectralDensity(test::denseOperator(matrix), options);
  CHECK(density.steps == 12);
  CHECK(density.products == 24);
}

TEST_CASE("the criteria of a landscape count negative curvature") {
  // One probe with nodes −1 and 4 of weights ¼ and ¾: |−1/4|, and √¼ / √3.
  const auto criteria = engine::llaCriteria({{{-1, 4}, {.25, .75}}});
  CHECK_THAT(criteria.ratio, WithinRel(.25, 1e-14));
  CHECK_THAT(criteria.negativeShare, WithinRel(.5 / std::sqrt(3.0), 1e-14));
}

TEST_CASE("outliers end at the largest gap, the bulk at the next") {
  using engine::BulkMethod;
  const auto split = engine::splitBulk({100, 95, 90, 10, 9, 8, 2, 1.5, .5}, BulkMethod::gap, 0);
  REQUIRE(split);
  CHECK(split->outliers == 3);
  CHECK(split->edge == 10);
  CHECK_THAT(split->bifurcationRatio, WithinRel(95.0 / 9, 1e-14));
  // By ratios: 90/10 is the largest, too; 8/2 comes next.
  const auto byRatio =
      engine::splitBulk({100, 95, 90, 10, 9, 8, 2, 1.5, .5}, BulkMethod::logGap, 0);
  REQUIRE(byRatio);
  CHECK(byRatio->outliers == 3);
  const auto byClasses =
      engine::splitBulk({100, 95, 90, 10, 9, 8, 2, 1.5, .5}, BulkMethod::classes, 2);
  REQUIRE(byClasses);
  CHECK(byClasses->outliers == 2);
  CHECK_FALSE(engine::splitBulk({3, 1}, BulkMethod::gap, 0));
  CHECK_FALSE(engine::splitBulk({-1, -2, -3}, BulkMethod::gap, 0));
}
