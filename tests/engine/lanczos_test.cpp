#include "engine/curvature/lanczos.h"

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/curvature/random_vector.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using namespace tarn;
using engine::lanczos;
using engine::LanczosOptions;
using engine::SymmetricOperator;

namespace {

SymmetricOperator diagonalOperator(const at::Tensor& entries) {
  return {entries.numel(), [entries](const at::Tensor& v) { return entries * v; }};
}

/// A dense symmetric matrix with these eigenvalues, in a random basis.
at::Tensor rotated(const at::Tensor& eigenvalues, std::uint64_t seed) {
  const auto n = eigenvalues.numel();
  const auto q = std::get<0>(at::linalg_qr(engine::gaussianVector(n * n, seed).view({n, n})));
  return q.matmul(at::diag(eigenvalues)).matmul(q.t());
}

SymmetricOperator dense(const at::Tensor& matrix) {
  return {matrix.size(0), [matrix](const at::Tensor& v) { return matrix.mv(v); }};
}

}  // namespace

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
  const auto pairs = lanczos(diagonalOperator(entries), options);
  REQUIRE(pairs.products <= 30);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK_THAT(pairs.values[i], WithinAbs(10 - .3 * static_cast<double>(i), 5e-4));
  }
  CHECK_THAT(pairs.values[10], WithinAbs(-8.5, 5e-4));
}

TEST_CASE("reported residuals are ‖Hv − λv‖ and vectors are orthonormal") {
  const auto matrix = rotated(at::linspace(-3, 20, 150, at::kDouble).square(), 3);
  LanczosOptions options;
  options.top = 4;
  options.bottom = 2;
  options.tolerance = 1e-5;
  const auto pairs = lanczos(dense(matrix), options);
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
  const auto pairs = lanczos(dense(rotated(entries, 1)), options);
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
  const auto pairs = lanczos(dense(rotated(entries, 5)), options);
  CHECK_THAT(pairs.values[0], WithinAbs(3, 1e-10));
  CHECK_THAT(pairs.values[1], WithinAbs(1, 1e-10));
  CHECK_THAT(pairs.values[2], WithinAbs(-2, 1e-10));
}

TEST_CASE("a budget too small for convergence says which pairs have not converged") {
  LanczosOptions options;
  options.top = 2;
  options.tolerance = 1e-10;
  options.maxProducts = 4;
  const auto pairs = lanczos(diagonalOperator(at::linspace(0, 1, 500, at::kDouble)), options);
  CHECK(pairs.products == 4);
  CHECK_FALSE(pairs.converged[0]);
  CHECK(pairs.residuals[0] > 1e-10);
}

TEST_CASE("a basis beyond the allowed memory is refused with the sizes") {
  LanczosOptions options;
  options.memoryBytes = std::uint64_t{16} * 500 * 8;
  options.tolerance = 1e-12;
  REQUIRE_THROWS_AS(lanczos(diagonalOperator(at::linspace(0, 1, 500, at::kDouble)), options),
                    Error);
}

TEST_CASE("more eigenpairs than parameters, or none, are refused") {
  const auto matrix = diagonalOperator(at::ones({3}, at::kDouble));
  LanczosOptions options;
  options.top = 3;
  options.bottom = 1;
  REQUIRE_THROWS_AS(lanczos(matrix, options), Error);
  options.top = 0;
  options.bottom = 0;
  REQUIRE_THROWS_AS(lanczos(matrix, options), Error);
}
