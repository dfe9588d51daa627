// Chebyshev-filtered subspace iteration against matrices of known spectrum, and against Lanczos.

#include "engine/curvature/chebyshev.h"

#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/lanczos.h"
#include "engine/curvature/spectrum.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::chebyshev;
using engine::LanczosOptions;

namespace {

LanczosOptions wanting(std::int64_t top, std::int64_t bottom, double tolerance) {
  LanczosOptions options;
  options.top = top;
  options.bottom = bottom;
  options.tolerance = tolerance;
  options.maxProducts = 100'000;
  return options;
}

}  // namespace

TEST_CASE("a filtered subspace finds both ends of a known spectrum", "[chebyshev]") {
  // As for Lanczos: 10, 9.7, …, 7.3 and −8.5 about a bulk between −.5 and .5.
  auto entries = at::linspace(-.5, .5, 2000, at::kDouble);
  for (int i = 0; i < 10; ++i) {
    entries[i] = 10 - .3 * i;
  }
  entries[10] = -8.5;
  const auto pairs = chebyshev(test::diagonalOperator(entries), wanting(10, 1, 1e-6));
  REQUIRE(pairs.values.size() == 11);
  for (std::size_t i = 0; i < 11; ++i) {
    CHECK(pairs.converged[i]);
    const double expected = i < 10 ? 10 - .3 * static_cast<double>(i) : -8.5;
    CHECK_THAT(pairs.values[i], WithinAbs(expected, 1e-9));
    CHECK_THAT(
        (entries * pairs.vectors[i] - pairs.values[i] * pairs.vectors[i]).norm().item<double>(),
        WithinAbs(pairs.residuals[i], 1e-9));
  }
}

TEST_CASE("a filtered subspace finds every copy of a multiple eigenvalue, which Lanczos does not",
          "[chebyshev]") {
  // Five times 3 and once 1.5 above a bulk without gaps, whose Krylov space does not close.
  auto entries = at::linspace(-.1, .1, 600, at::kDouble);
  entries.narrow(0, 0, 5).fill_(3);
  entries[5] = 1.5;
  const auto matrix = test::denseOperator(test::rotated(entries, 5));
  const auto pairs = chebyshev(matrix, wanting(6, 0, 1e-6));
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK_THAT(pairs.values[i], WithinAbs(i < 5 ? 3 : 1.5, 1e-9));
  }
  const auto once = engine::lanczos(matrix, wanting(2, 0, 1e-3));
  CHECK_THAT(once.values[1], WithinAbs(1.5, 1e-3));
  CHECK_THAT(chebyshev(matrix, wanting(2, 0, 1e-3)).values[1], WithinAbs(3, 1e-3));
}

TEST_CASE("eigenvalues of very different size are found together", "[chebyshev]") {
  // 10⁴, 10³, …, 1 above a bulk of .1: a filter that shows the last one drowns it in the first.
  auto entries = at::linspace(-.1, .1, 500, at::kDouble);
  for (int i = 0; i < 5; ++i) {
    entries[i] = std::pow(10.0, 4 - i);
  }
  const auto pairs = chebyshev(test::denseOperator(test::rotated(entries, 3)), wanting(5, 0, 1e-6));
  for (int i = 0; i < 5; ++i) {
    CHECK_THAT(pairs.values[static_cast<std::size_t>(i)], WithinRel(std::pow(10.0, 4 - i), 1e-9));
  }
}

TEST_CASE("a filtered subspace agrees with Lanczos on sixty pairs without a gap", "[chebyshev]") {
  const auto matrix =
      test::denseOperator(test::rotated(at::linspace(-1, 2, 500, at::kDouble).pow(3), 8));
  const auto options = wanting(40, 20, 1e-7);
  const auto filtered = chebyshev(matrix, options);
  const auto krylov = engine::lanczos(matrix, options);
  for (std::size_t i = 0; i < 60; ++i) {
    CHECK(filtered.converged[i]);
    CHECK_THAT(filtered.values[i], WithinAbs(krylov.values[i], 1e-10));
    CHECK_THAT(std::abs(filtered.vectors[i].dot(krylov.vectors[i]).item<double>()),
               WithinAbs(1, 1e-4));
  }
}

TEST_CASE("at its minimum a deep linear network has r² dominant eigenvalues, all of them found",
          "[chebyshev]") {
  // L = 3, m = 1.1: 3·m⁴ nine times above m⁴ eighteen times, times 2/(d_L·d₀).
  auto experiment = test::deepLinear(3, {1.1, 1.1, 1.1});
  auto hessian = engine::makeHessian(experiment, {});
  const auto pairs = chebyshev(hessian.matrix(), wanting(27, 0, 1e-8));
  const double bulk = 2.0 / 35 * std::pow(1.1, 4);
  for (std::size_t i = 0; i < 27; ++i) {
    CHECK_THAT(pairs.values[i], WithinAbs(i < 9 ? 3 * bulk : bulk, 1e-10));
  }
}

TEST_CASE("whole small matrices, and multiples of the identity, have all their pairs",
          "[chebyshev]") {
  const auto small =
      chebyshev(test::denseOperator(test::rotated(torch::tensor({3., 1., -2.}, at::kDouble), 5)),
                wanting(3, 0, 1e-9));
  CHECK_THAT(small.values[0], WithinAbs(3, 1e-10));
  CHECK_THAT(small.values[2], WithinAbs(-2, 1e-10));
  const auto same =
      chebyshev(test::diagonalOperator(at::full({40}, 7, at::kDouble)), wanting(2, 1, 1e-9));
  CHECK_THAT(same.values[2], WithinAbs(7, 1e-10));
}

TEST_CASE("a filtered subspace keeps to its products, its memory and its interruptions",
          "[chebyshev]") {
  const auto matrix = test::diagonalOperator(at::linspace(0, 1, 500, at::kDouble));
  auto options = wanting(2, 0, 1e-10);
  options.maxProducts = 150;
  const auto cut = chebyshev(matrix, options);
  CHECK(cut.products <= 150);
  CHECK_FALSE(cut.converged[1]);

  options.memoryBytes = std::uint64_t{10} * 500 * 8;
  CHECK(test::contains(test::complaint([&] { chebyshev(matrix, options); }), "memory"));
  options.memoryBytes = std::uint64_t{20} * 500 * 8;
  CHECK_NOTHROW(chebyshev(matrix, options));

  options.maxProducts = 100'000;
  options.keepInterrupted = true;
  options.onProduct = [](std::int64_t products, std::int64_t) {
    if (products == 300) {
      throw Error(ErrorCode::cancelled, "Enough.");
    }
  };
  const auto stopped = chebyshev(matrix, options);
  CHECK(stopped.interrupted);
  CHECK_THAT((matrix.apply(stopped.vectors[0]) - stopped.values[0] * stopped.vectors[0])
                 .norm()
                 .item<double>(),
             WithinAbs(stopped.residuals[0], 1e-12));
  SECTION("and goes on from the pairs it has") {
    options.onProduct = {};
    const auto afresh = chebyshev(matrix, options);
    options.start = &stopped;
    const auto gone = chebyshev(matrix, options);
    CHECK(gone.converged[1]);
    CHECK(gone.products < afresh.products);
  }
}
