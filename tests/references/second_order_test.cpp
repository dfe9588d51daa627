#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "matrices.h"
#include "support/reference_second_order.h"

using namespace tarn::test::reference;

namespace {

/// Linear residuals Jθ − y of six samples in ten unknowns, as losses ½… of the raw residual form.
struct LinearProblem {
  Matrix J = gaussian(6, 10, 1);
  Vector y = gaussian(6, 1, 2);
  Vector theta = gaussian(10, 1, 3);

  SvenResiduals at(const Vector& point) const { return {J * point - y, J}; }
};

}  // namespace

TEST_CASE("Sven solves a linear problem in one full step of minimum norm") {
  const LinearProblem problem;
  const SvenOptions full{.lr = 1, .rank = 6};
  for (const auto& step : {svenStep, svenStepByGram}) {
    const Vector delta = step(problem.at(problem.theta), full);
    CHECK(problem.at(problem.theta + delta).R.norm() < 1e-12);
    // The least change that does it: the pseudo-inverse by the normal equations of the rows.
    const Matrix& J = problem.J;
    const Vector least =
        J.transpose() * (J * J.transpose()).ldlt().solve(problem.y - J * problem.theta);
    CHECK(relativeDistance(delta, least) < 1e-11);
  }
}

TEST_CASE("Sven's Gram form is its SVD form, whatever is dropped") {
  const Vector values = Eigen::pow(10.0, Vector::LinSpaced(8, 0, -5).array());
  const SvenResiduals at{gaussian(8, 1, 4), withSingularValues(8, 12, values, 5)};
  for (const Eigen::Index rank : {0, 1, 3, 8}) {
    const SvenOptions options{.rank = rank};
    CHECK(relativeDistance(svenStepByGram(at, options), svenStep(at, options)) < 1e-8);
  }
}

TEST_CASE("Sven moves only along the right singular vectors that it keeps") {
  // 1, 10⁻¹, …, 10⁻⁵: rtol 1e-3 with some slack keeps three, half of six samples is three too.
  const Vector values = Eigen::pow(10.0, Vector::LinSpaced(6, 0, -5).array());
  const SvenResiduals at{gaussian(6, 1, 6), withSingularValues(6, 9, values, 7)};
  const Matrix V = thinSvd(at.J).right;
  const auto kept = [&](const SvenOptions& options) {
    const Vector along = V.transpose() * svenStep(at, options);
    return (along.array().abs() > 1e-9 * along.norm()).count();
  };
  CHECK(kept({.rtol = 1e-9}) == 3);
  CHECK(kept({.rtol = 5e-3, .rank = 6}) == 3);
  CHECK(kept({.rtol = 5e-2, .rank = 6}) == 2);
  CHECK(kept({.rtol = 1e-9, .rank = 6}) == 6);
}

TEST_CASE("Sven's residuals at κ 2 are the losses, at κ 1 their square roots") {
  const Vector losses = Eigen::Vector2d(4, 9);
  const Matrix gradients = gaussian(2, 3, 8);
  const auto two = svenResiduals(losses, gradients, 2);
  CHECK(two.R == losses);
  CHECK(two.J == gradients);
  const auto one = svenResiduals(losses, gradients, 1);
  CHECK((one.R - Eigen::Vector2d(2, 3)).norm() < 1e-15);
  CHECK((one.J.row(0) - gradients.row(0) / 4).norm() < 1e-15);
  CHECK((one.J.row(1) - gradients.row(1) / 6).norm() < 1e-15);
}

TEST_CASE("M-FAC's closed form is the recursion and the dense inverse") {
  for (const int gradients : {1, 5, 12}) {
    const Matrix G = gaussian(gradients, 9, 9);
    const Vector x = gaussian(9, 1, 10);
    const Vector dense = mfacDense(G, 12, 1e-2, x);
    CHECK(relativeDistance(mfacClosed(G, 12, 1e-2, x), dense) < 1e-11);
    CHECK(relativeDistance(mfacRecursive(G, 12, 1e-2, x), dense) < 1e-11);
  }
}

TEST_CASE("M-FAC's first step is m·g/‖g‖² when the damping is small") {
  Mfac mfac;
  mfac.options.lambda = 1e-6;
  const Matrix G = gaussian(3, 4, 11);
  const Matrix step = mfac.step(Matrix::Zero(3, 4), G);
  CHECK(relativeDistance(step, -1e-3 * 32 * G / G.squaredNorm()) < 1e-5);
}

TEST_CASE("M-FAC's warm-up takes the mean of what is there: copies of a gradient count as one") {
  Mfac mfac;
  mfac.options.lambda = 1e-6;
  mfac.options.warmUp = true;
  const Matrix G = gaussian(3, 4, 11);
  for (int t = 0; t < 5; ++t) {
    CHECK(relativeDistance(mfac.step(Matrix::Zero(3, 4), G), -1e-3 * G / G.squaredNorm()) < 1e-5);
  }
}

TEST_CASE("M-FAC's momentum is an average of the directions") {
  Mfac plain;
  Mfac mfac;
  mfac.options.momentum = .75;
  const Matrix W = Matrix::Zero(2, 3);
  Matrix expected = W;
  for (const auto& G : gaussians(4, 2, 3, 13)) {
    expected = .75 * expected + .25 * plain.step(W, G);
    CHECK(relativeDistance(mfac.step(W, G), expected) < 1e-12);
  }
}

TEST_CASE("M-FAC forgets all but the last m gradients") {
  Mfac mfac;
  mfac.options.m = 3;
  Mfac young = mfac;
  const auto gradients = gaussians(5, 2, 3, 12);
  const Matrix W = Matrix::Zero(2, 3);
  Matrix last;
  for (const auto& G : gradients) {
    last = mfac.step(W, G);
  }
  Matrix lastOfThree;
  for (std::size_t i = 2; i < 5; ++i) {
    lastOfThree = young.step(W, gradients[i]);
  }
  CHECK(last == lastOfThree);
}
