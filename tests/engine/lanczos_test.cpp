#include "engine/curvature/lanczos.h"

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using namespace tarn;
using engine::lanczos;
using engine::LanczosOptions;

TEST_CASE("thirty products find ten outliers and a negative one beside a wide bulk") {
  // 10, 9.7, …, 7.3, one −8.5, bulk between −.5 and .5, n = 2000; deflated power iteration needs
  // 343 products to get the first three wrong by 2 %.
  auto entries = at::linspace(-.5, .5, 2000, at::kDouble);
  for (int i = 0; i < 10; ++i) {
    entries[i] = 10 - .3 * i;
  }
  entries[10] = -8.5;
  LanczosOptions options;
  options.top = 10;
  options.bottom = 1;
  options.tolerance = 1e-9;
  options.maxProducts = 30;
  const auto pairs = lanczos(test::diagonalOperator(entries), options);
  REQUIRE(pairs.products <= 30);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK_THAT(pairs.values[i], WithinAbs(10 - .3 * static_cast<double>(i), 5e-4));
  }
  CHECK_THAT(pairs.values[10], WithinAbs(-8.5, 5e-4));
}

TEST_CASE("reported residuals are ‖Hv − λv‖ and vectors are orthonormal") {
  const auto matrix = test::rotated(at::linspace(-3, 20, 150, at::kDouble).square(), 3);
  LanczosOptions options;
  options.top = 4;
  options.bottom = 2;
  options.tolerance = 1e-5;
  const auto pairs = lanczos(test::denseOperator(matrix), options);
  for (std::size_t i = 0; i < pairs.values.size(); ++i) {
    const auto& v = pairs.vectors[i];
    const auto residual = (matrix.mv(v) - pairs.values[i] * v).norm().item<double>();
    CHECK(pairs.converged[i]);
    CHECK_THAT(residual, WithinAbs(pairs.residuals[i], 1e-9));
    for (std::size_t j = 0; j < pairs.values.size(); ++j) {
      CHECK_THAT(v.dot(pairs.vectors[j]).item<double>(), WithinAbs(i == j ? 1 : 0, 1e-10));
    }
  }
}

TEST_CASE("every copy of a multiple eigenvalue is found when the Krylov space closes") {
  const auto entries = torch::tensor({5., 5., 5., 2., 2., 0., 0., 0., 0., -1., -1.}, at::kDouble);
  LanczosOptions options;
  options.top = 6;
  options.bottom = 3;
  const auto pairs = lanczos(test::denseOperator(test::rotated(entries, 1)), options);
  const std::vector<double> expected{5, 5, 5, 2, 2, 0, 0, -1, -1};
  REQUIRE(pairs.values.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK_THAT(pairs.values[i], WithinAbs(expected[i], 1e-9));
  }
}

TEST_CASE("all eigenpairs of a small matrix can be asked for") {
  const auto entries = torch::tensor({3., 1., -2.}, at::kDouble);
  LanczosOptions options;
  options.top = 3;
  const auto pairs = lanczos(test::denseOperator(test::rotated(entries, 5)), options);
  CHECK_THAT(pairs.values[0], WithinAbs(3, 1e-10));
  CHECK_THAT(pairs.values[1], WithinAbs(1, 1e-10));
  CHECK_THAT(pairs.values[2], WithinAbs(-2, 1e-10));
}

TEST_CASE("a budget too small for convergence says which pairs have not converged") {
  LanczosOptions options;
  options.top = 2;
  options.tolerance = 1e-10;
  options.maxProducts = 4;
  const auto pairs = lanczos(test::diagonalOperator(at::linspace(0, 1, 500, at::kDouble)), options);
  CHECK(pairs.products == 4);
  CHECK_FALSE(pairs.converged[0]);
  CHECK(pairs.residuals[0] > 1e-10);
}

TEST_CASE("within little memory the method restarts and finds the same pairs") {
  const auto entries = at::linspace(-3, 3, 400, at::kDouble).pow(3);
  const auto matrix = test::rotated(entries, 7);
  LanczosOptions options;
  options.top = 3;
  options.bottom = 1;
  options.tolerance = 1e-7;
  options.maxProducts = 5000;
  options.memoryBytes = std::uint64_t{20} * 400 * 8;
  REQUIRE(engine::basisCapacity(400, options) == 16);
  const auto pairs = lanczos(test::denseOperator(matrix), options);
  CHECK(pairs.products > 32);  // twice the basis: it has restarted
  for (std::size_t i = 0; i < 4; ++i) {
    const auto place = i < 3 ? 399 - static_cast<std::int64_t>(i) : 0;
    CHECK(pairs.converged[i]);
    CHECK_THAT(pairs.values[i], WithinAbs(entries[place].item<double>(), 1e-10));
    const auto& v = pairs.vectors[i];
    const auto residual = (matrix.mv(v) - pairs.values[i] * v).norm().item<double>();
    CHECK_THAT(residual, WithinAbs(pairs.residuals[i], 1e-10));
  }
}

TEST_CASE("memory for less than the wanted vectors twice and three more is refused") {
  LanczosOptions options;
  options.top = 4;
  options.memoryBytes = std::uint64_t{10} * 500 * 8;
  const auto matrix = test::diagonalOperator(at::linspace(0, 1, 500, at::kDouble));
  CHECK(test::contains(test::complaint([&] { lanczos(matrix, options); }), "memory"));
  options.memoryBytes = std::uint64_t{11} * 500 * 8;
  options.maxProducts = 5;
  CHECK_NOTHROW(lanczos(matrix, options));
}

TEST_CASE("pairs that have not converged are gone on from, also when rounded to float32") {
  const auto matrix = test::rotated(at::linspace(0, 10, 300, at::kDouble).square(), 11);
  LanczosOptions options;
  options.top = 3;
  options.tolerance = 1e-5;
  options.maxProducts = 30;
  auto begun = lanczos(test::denseOperator(matrix), options);
  REQUIRE_FALSE(begun.converged[0]);
  for (auto& vector : begun.vectors) {
    vector = vector.to(at::kFloat);
  }
  options.maxProducts = 300;
  const auto afresh = lanczos(test::denseOperator(matrix), options);
  options.start = &begun;
  const auto gone = lanczos(test::denseOperator(matrix), options);
  CHECK(gone.products < afresh.products);
  for (std::size_t i = 0; i < 3; ++i) {
    const double exact = std::pow(10.0 * (299 - static_cast<double>(i)) / 299, 2);
    CHECK(gone.converged[i]);
    CHECK_THAT(gone.values[i], WithinAbs(exact, 1e-6 * exact));
  }

  SECTION("but not on another matrix") {
    const auto other = test::rotated(at::linspace(0, 10, 300, at::kDouble).square(), 12);
    CHECK(test::contains(test::complaint([&] { lanczos(test::denseOperator(other), options); }),
                         "do not belong"));
  }
}

TEST_CASE("who is interrupted may keep the pairs found by then") {
  LanczosOptions options;
  options.top = 2;
  options.tolerance = 1e-12;
  options.onProduct = [](std::int64_t products, std::int64_t) {
    if (products == 12) {
      throw Error(ErrorCode::cancelled, "Enough.");
    }
  };
  const auto matrix = test::diagonalOperator(at::linspace(0, 1, 500, at::kDouble));
  REQUIRE_THROWS_AS(lanczos(matrix, options), Error);
  options.keepInterrupted = true;
  const auto pairs = lanczos(matrix, options);
  CHECK(pairs.interrupted);
  CHECK(pairs.products == 12);
  CHECK_FALSE(pairs.converged[0]);
  const auto& v = pairs.vectors[0];
  const auto residual = (matrix.apply(v) - pairs.values[0] * v).norm().item<double>();
  CHECK_THAT(residual, WithinAbs(pairs.residuals[0], 1e-12));
}

TEST_CASE("more eigenpairs than parameters, or none, are refused") {
  const auto matrix = test::diagonalOperator(at::ones({3}, at::kDouble));
  LanczosOptions options;
  options.top = 3;
  options.bottom = 1;
  REQUIRE_THROWS_AS(lanczos(matrix, options), Error);
  options.top = 0;
  options.bottom = 0;
  REQUIRE_THROWS_AS(lanczos(matrix, options), Error);
}
