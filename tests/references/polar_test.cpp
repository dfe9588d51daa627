#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "matrices.h"
#include "support/reference_polar.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn::test::reference;

namespace {

/// Five Newton–Schulz steps of one singular value, without the normalization before them.
double fiveSteps(double sigma) {
  Matrix X = Matrix::Constant(1, 1, sigma);
  for (int i = 0; i < 5; ++i) {
    X = apply(newtonSchulzQuintic, X);
  }
  return X(0, 0);
}

bool hasOrthonormalShorterSide(const Matrix& U, double tolerance) {
  const Matrix gram = U.rows() < U.cols() ? Matrix(U * U.transpose()) : Matrix(U.transpose() * U);
  return (gram - Matrix::Identity(gram.rows(), gram.cols())).norm() < tolerance;
}

}  // namespace

TEST_CASE("five Newton-Schulz steps take singular values where the published polynomial does") {
  const std::vector<std::pair<double, double>> table{
      {1, .696436},   {.5, .765439},    {.1, .712120},   {.05, .758120},
      {.01, .698917}, {.005, 1.154366}, {.001, .470544}, {1e-4, .048473}};
  for (const auto& [from, to] : table) {
    CHECK_THAT(fiveSteps(from), WithinAbs(to, 5e-7));
  }
}

TEST_CASE("Newton-Schulz spreads .01 to 1 over .68 to 1.13 and does not converge to 1") {
  double least = 10;
  double greatest = 0;
  for (int i = 0; i <= 99000; ++i) {
    const double value = fiveSteps(.01 + i * 1e-5);
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  CHECK_THAT(least, WithinAbs(.6818, 5e-5));
  CHECK_THAT(greatest, WithinAbs(1.1344, 5e-5));
  CHECK_THAT(fiveSteps(1e-9) / 1e-9, WithinAbs(484.876, 5e-4));
}

TEST_CASE("Newton-Schulz works on the singular values and leaves the singular vectors") {
  for (const auto& [m, n] : {std::pair{7, 3}, {3, 7}, {5, 5}}) {
    const Matrix A = gaussian(m, n, 1);
    auto [P, S, Q] = thinSvd(A);
    S /= A.norm() + 1e-7;
    CHECK(relativeDistance(newtonSchulz(A),
                           P * S.unaryExpr(&fiveSteps).asDiagonal() * Q.transpose()) < 1e-12);
  }
}

// Nakatsukasa, Bai and Gygi stop when the bound is within ten roundings of 1.
TEST_CASE("QDWH's bound is 1 after the known number of steps") {
  for (const auto& [lower, expected] :
       {std::pair{.5, 3}, {.1, 4}, {.01, 4}, {1e-4, 4}, {1e-8, 5}}) {
    double l = lower;
    int steps = 0;
    while (1 - l > 10 * std::ldexp(1, -53)) {
      l = qdwhWeights(l).next;
      ++steps;
    }
    CHECK(steps == expected);
  }
  CHECK_THAT(qdwhWeights(qdwhWeights(1e-8).next).next, WithinAbs(.42, .005));
}

TEST_CASE("QDWH's first step from one half has the known weights") {
  const auto weights = qdwhWeights(.5);
  CHECK_THAT(weights.a, WithinAbs(4.359340, 5e-7));
  CHECK_THAT(weights.b, WithinAbs(2.821291, 5e-7));
  CHECK_THAT(weights.c, WithinAbs(6.180631, 5e-7));
}

TEST_CASE("six steps of QDWH give the polar factor of matrices of any shape and condition") {
  for (const auto& [m, n] : {std::pair{9, 4}, {4, 9}, {6, 6}}) {
    const auto k = std::min(m, n);
    const Vector exponents = Vector::LinSpaced(k, 0, -6);
    const Vector values = Eigen::pow(10.0, exponents.array());
    const Matrix A = withSingularValues(m, n, values, 3);
    const Matrix U = qdwh(A);
    CHECK(hasOrthonormalShorterSide(U, 1e-13));
    CHECK(relativeDistance(U, svdPolar(A)) < 1e-8);  // condition 1e6 in double precision
    const Matrix H = m < n ? Matrix(A * U.transpose()) : Matrix(U.transpose() * A);
    CHECK((H - H.transpose()).norm() < 1e-13);
    CHECK_THAT(H.trace(), WithinRel(values.sum(), 1e-12));  // ⟨A, U⟩ is the nuclear norm
  }
}

// Expected: the list printed in arXiv 2505.16932, algorithm 1, before its division by 1.01.
TEST_CASE("Polar Express's polynomials are the published ones") {
  const std::vector<Quintic> published{
      {8.28721201814563, -23.595886519098837, 17.300387312530933},
      {4.107059111542203, -2.9478499167379106, 0.5448431082926601},
      {3.9486908534822946, -2.908902115962949, 0.5518191394370137},
      {3.3184196573706015, -2.488488024314874, 0.51004894012372},
      {2.300652019954817, -1.6689039845747493, 0.4188073119525673},
      {1.891301407787398, -1.2679958271945868, 0.37680408948524835},
      {1.8750014808534479, -1.2500016453999487, 0.3750001645474248},
      {1.875, -1.25, 0.375}};
  const auto ours = polarExpressQuintics(8, 1);
  const auto safe = polarExpressQuintics(9);
  for (std::size_t i = 0; i < published.size(); ++i) {
    INFO("step " << i + 1);
    const auto& p = published[i];
    CHECK_THAT(ours[i].a, WithinRel(p.a, 1e-9));
    CHECK_THAT(ours[i].b, WithinRel(p.b, 1e-9));
    CHECK_THAT(ours[i].c, WithinRel(p.c, 1e-9));
    const double safety = i < 7 ? 1.01 : 1;
    CHECK_THAT(safe[i].a, WithinRel(p.a / safety, 1e-9));
    CHECK_THAT(safe[i].b, WithinRel(p.b / std::pow(safety, 3), 1e-9));
    CHECK_THAT(safe[i].c, WithinRel(p.c / std::pow(safety, 5), 1e-9));
  }
}

TEST_CASE("Polar Express converges to the polar factor where Newton-Schulz does not") {
  for (const auto& [m, n] : {std::pair{9, 4}, {4, 9}, {6, 6}}) {
    const auto k = std::min(m, n);
    const Matrix A = withSingularValues(m, n, Vector::LinSpaced(k, 1, .05), 5);
    CHECK(relativeDistance(polarExpress(A, 12), svdPolar(A)) < 1e-13);
    CHECK(relativeDistance(newtonSchulz(A, 12), svdPolar(A)) > .05);
  }
}
