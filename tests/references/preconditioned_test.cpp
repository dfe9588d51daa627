#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "matrices.h"
#include "support/reference_polar.h"
#include "support/reference_preconditioned.h"

using Catch::Matchers::WithinRel;
using namespace tarn::test::reference;

namespace {

Matrix zero(Eigen::Index rows, Eigen::Index columns) {
  return Matrix::Zero(rows, columns);
}

std::vector<Matrix> transposed(std::vector<Matrix> all) {
  for (auto& A : all) {
    A.transposeInPlace();
  }
  return all;
}

/// Whether rotating weights and gradients by orthogonal A and B rotates every later weight.
template <class Optimizer>
bool turnsWithItsGradients(const Optimizer& optimizer, Eigen::Index m, Eigen::Index n, int steps) {
  const Matrix A = orthogonal(m, 1);
  const Matrix B = orthogonal(n, 2);
  const Matrix W = gaussian(m, n, 3);
  const auto gradients = gaussians(steps, m, n, 4);
  auto turned = gradients;
  for (auto& G : turned) {
    G = A * G * B;
  }
  const auto here = weightsAfterEach(optimizer, W, gradients);
  const auto there = weightsAfterEach(optimizer, Matrix(A * W * B), turned);
  for (std::size_t t = 0; t < here.size(); ++t) {
    if ((A * here[t] * B - there[t]).norm() > 1e-9 * (here[t] - W).norm()) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("Conda's first step is the sign of the projected gradient, turned back") {
  const Matrix G = gaussian(6, 4, 10);
  Conda conda;
  conda.options.eps = 0;
  const Matrix V = thinSvd(G).right;
  const Matrix signs = (G * V).array().sign();
  const Matrix expected = -.01 * .25 * signs * V.transpose();
  CHECK(relativeDistance(conda.step(zero(6, 4), G), expected) < 1e-12);
}

TEST_CASE("Conda and ARO treat a matrix and its transpose alike, FISMO does not") {
  const auto gradients = gaussians(25, 6, 4, 20);
  const Matrix W = gaussian(6, 4, 19);
  const auto agree = [&](auto optimizer) {
    const auto tall = weightsAfterEach(optimizer, W, gradients);
    const auto wide = weightsAfterEach(optimizer, Matrix(W.transpose()), transposed(gradients));
    return relativeDistance(wide.back().transpose(), tall.back());
  };
  Conda conda;
  conda.options.interval = 7;
  CHECK(agree(conda) < 1e-12);
  CHECK(agree(Aro()) < 1e-12);
  // The right factor sees the new left one, so the sides are not alike.
  CHECK(agree(Fismo()) > 1e-6);
}

TEST_CASE("Conda keeps its basis between refreshes and its second moment across them") {
  const auto gradients = gaussians(9, 5, 3, 30);
  Conda conda;
  conda.options.interval = 4;
  Matrix W = zero(5, 3);
  Matrix last;
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    const Matrix v = conda.v;
    W = conda.step(W, gradients[t]);
    if (t > 0) {
      CHECK((conda.basis == last) == (t % 4 != 0));
      const Matrix projected = (gradients[t] * conda.basis).cwiseAbs2();
      CHECK(relativeDistance(conda.v, .99 * v + .01 * projected) < 1e-14);
    }
    last = conda.basis;
  }
}

TEST_CASE("FISMO on gradients that are multiples of rotations is Muon with the exact factor") {
  std::vector<Matrix> gradients;
  gradients.reserve(12);
  for (unsigned t = 0; t < 12; ++t) {
    gradients.emplace_back((1 + t) * orthogonal(4, 40 + t));
  }
  Matrix M = zero(4, 4);
  Matrix expected = zero(4, 4);
  for (const auto& G : gradients) {
    M = .95 * M + .05 * G;
    expected -= .02 * svdPolar(M);
  }
  CHECK(relativeDistance(weightsAfterEach(Fismo(), zero(4, 4), gradients).back(), expected) <
        1e-10);
}

TEST_CASE("FISMO's first step on a diagonal gradient follows from scalars") {
  const Eigen::Array2d g(3, -.5);
  Eigen::Array2d p = .95 + .05 * (g * g / 2 + 1e-3);
  p *= 2 / p.sum();
  Eigen::Array2d q = .95 + .05 * (g * g / p / 2 + 1e-3);
  q *= 2 / q.sum();
  const Eigen::Array2d step = g.sign() / (p * q).sqrt();
  const Matrix expected = Vector(-.02 * step).asDiagonal();
  CHECK(relativeDistance(Fismo().step(zero(2, 2), Vector(g).asDiagonal()), expected) < 1e-12);
}

TEST_CASE("FISMO's factors keep the trace of the identity, on every step or every tenth") {
  const auto gradients = gaussians(12, 5, 3, 50);
  for (const bool everyStep : {false, true}) {
    Fismo fismo;
    fismo.options.factorsEveryStep = everyStep;
    Matrix P = Matrix::Identity(5, 5);
    for (std::size_t t = 0; t < gradients.size(); ++t) {
      fismo.step(zero(5, 3), gradients[t]);
      CHECK_THAT(fismo.P.trace(), WithinRel(5.0, 1e-12));
      CHECK_THAT(fismo.Q.trace(), WithinRel(3.0, 1e-12));
      CHECK((fismo.P == P) == (!everyStep && t % 10 != 0));
      P = fismo.P;
    }
  }
}

TEST_CASE("FISMO, SOAP and Shampoo turn with their gradients") {
  CHECK(turnsWithItsGradients(Fismo(), 5, 3, 15));
  CHECK(turnsWithItsGradients(Soap(), 5, 5, 25));
  Shampoo shampoo;
  shampoo.options.grafting = false;
  CHECK(turnsWithItsGradients(shampoo, 4, 4, 15));
  CHECK_FALSE(turnsWithItsGradients(Shampoo(), 4, 4, 15));  // Adam's norm depends on the axes
}

TEST_CASE("Sinkhorn's rounds even out rows and columns") {
  const Matrix X = sinkhorn(gaussian(4, 7, 60), 200);
  CHECK((X.rowwise().norm().array() / std::sqrt(7.0) - 1).matrix().norm() < 1e-12);
  CHECK((X.colwise().norm().array() / std::sqrt(4.0) - 1).matrix().norm() < 1e-12);
}

TEST_CASE("ARO on a single row is the sign of the momentum, on a column too") {
  const auto gradients = gaussians(5, 1, 6, 70);
  Matrix M = zero(1, 6);
  Matrix expected = zero(1, 6);
  for (const auto& G : gradients) {
    M = .95 * M + .05 * G;
    expected -= 3e-3 * .2 * Matrix(M.array().sign());
  }
  CHECK(relativeDistance(weightsAfterEach(Aro(), zero(1, 6), gradients).back(), expected) < 1e-12);
  CHECK(relativeDistance(weightsAfterEach(Aro(), zero(6, 1), transposed(gradients)).back(),
                         expected.transpose()) < 1e-12);
}

TEST_CASE("ARO's entries are .2 times the rate in the root mean square") {
  const Matrix step = Aro().step(zero(4, 6), gaussian(4, 6, 75));
  CHECK_THAT(step.norm(), WithinRel(3e-3 * .2 * std::sqrt(24.0), 1e-12));
}

TEST_CASE("LANTON slows the layer whose gradient changes more, among its kind") {
  using enum Lanton::Kind;
  Lanton lanton;
  lanton.options.kinds = {hidden, hidden, other};
  const auto scalars = [](double a, double b, double c) {
    return Lanton::Layers{Matrix::Constant(1, 1, a), Matrix::Constant(1, 1, b),
                          Matrix::Constant(1, 1, c)};
  };
  const auto first = lanton.step(scalars(0, 0, 0), scalars(1, 1, -5));
  CHECK(first[0](0, 0) == -.02);
  CHECK(first[1](0, 0) == -.02);
  CHECK(first[2](0, 0) == .02);
  const auto second = lanton.step(first, scalars(2, 4, -9));
  // H = .1·1 and .1·9, a = 1/√(1 + H).
  const double ratio = std::sqrt(std::sqrt(1.1 / 1.9));
  CHECK_THAT(second[0](0, 0), WithinRel(-.04, 1e-12));
  CHECK_THAT(second[1](0, 0), WithinRel(-.02 - .02 * ratio, 1e-12));
  CHECK_THAT(second[2](0, 0), WithinRel(.04, 1e-12));
}

TEST_CASE("LANTON measures hidden layers by the nuclear norm and others by the sum of entries") {
  Lanton lanton;
  lanton.options.kinds = {Lanton::Kind::hidden, Lanton::Kind::other};
  lanton.options.firstAgainstZero = true;
  const Matrix G = withSingularValues(3, 4, Eigen::Vector3d(3, 2, 1), 80);
  lanton.step({zero(3, 4), zero(3, 4)}, {G, G});
  CHECK_THAT(lanton.H[0], WithinRel(.1 * 36, 1e-12));
  CHECK_THAT(lanton.H[1], WithinRel(.1 * std::pow(G.cwiseAbs().sum(), 2), 1e-12));
}

TEST_CASE("SOAP's first step is the sign of the gradient in the first gradient's singular bases") {
  const Matrix first = gaussian(4, 4, 90);
  const Matrix second = gaussian(4, 4, 91);
  Soap soap;
  soap.options.weightDecay = 0;
  soap.options.eps = 0;
  const Matrix W = zero(4, 4);
  CHECK(soap.step(W, first) == W);
  const auto [U, S, V] = thinSvd(first);
  const Matrix signs = (U.transpose() * second * V).array().sign();
  const Matrix expected = -3e-3 * U * signs * V.transpose();
  CHECK(relativeDistance(soap.step(W, second), expected) < 1e-12);
}

TEST_CASE(
    "a first gradient of less than full rank leaves SOAP's weights open, a basis closes them") {
  const auto gradients = gaussians(15, 6, 3, 100);
  Soap soap;
  const Matrix U = Eigen::JacobiSVD<Matrix>(gradients[0], Eigen::ComputeFullU).matrixU();
  const auto last = [&](const Matrix& open) {
    Soap with = soap;
    with.options.left = Matrix(6, 6);
    *with.options.left << U.leftCols(3), open;
    return weightsAfterEach(with, zero(6, 3), gradients).back();
  };
  const Matrix open = U.rightCols(3);
  CHECK(relativeDistance(last(-open), last(open)) < 1e-10);
  CHECK(relativeDistance(last(open * orthogonal(3, 101)), last(open)) > 1e-2);
  soap.options.maxDimension = 3;
  CHECK(last(open * orthogonal(3, 101)) == last(open));
}

TEST_CASE("SOAP with both sides left out is Adam from the second gradient on") {
  const auto gradients = gaussians(15, 6, 3, 105);
  Soap soap;
  soap.options.weightDecay = 0;
  soap.options.eps = 0;
  soap.options.maxDimension = 2;
  const Matrix W = weightsAfterEach(soap, zero(6, 3), gradients).back();
  Eigen::ArrayXXd m = zero(6, 3);
  Eigen::ArrayXXd v = zero(6, 3);
  Eigen::ArrayXXd expected = zero(6, 3);
  for (int k = 1; k < 15; ++k) {
    const auto g = gradients[static_cast<std::size_t>(k)].array();
    m = .95 * m + .05 * g;
    v = .95 * v + .05 * g * g;
    const double correction = 1 - std::pow(.95, k);
    expected -= 3e-3 * (m / correction) / (v / correction).sqrt();
  }
  CHECK(relativeDistance(W, expected) < 1e-12);
}

TEST_CASE("Shampoo's first step is along the polar factor, by Adam's length when grafted") {
  const Matrix G = gaussian(4, 4, 110);
  Shampoo shampoo;
  CHECK(relativeDistance(shampoo.step(zero(4, 4), G), -1e-3 * svdPolar(G) * 4 / 2) < 1e-6);
  shampoo = {};
  shampoo.options.grafting = false;
  CHECK(relativeDistance(shampoo.step(zero(4, 4), G), -1e-3 * svdPolar(G)) < 1e-8);
}

TEST_CASE("Shampoo's momentum is bias-corrected: it does not see a gradient that stays the same") {
  const std::vector<Matrix> gradients(9, gaussian(3, 3, 125));
  Shampoo plain;
  plain.options.interval = 1;
  Shampoo shampoo = plain;
  shampoo.options.momentum = .9;
  CHECK(relativeDistance(weightsAfterEach(shampoo, zero(3, 3), gradients).back(),
                         weightsAfterEach(plain, zero(3, 3), gradients).back()) < 1e-10);
}

TEST_CASE("Shampoo on the same gradient again goes as 1/√t with sums, evenly with averages") {
  const std::vector<Matrix> gradients(9, gaussian(3, 3, 120));
  Shampoo shampoo;
  shampoo.options.grafting = false;
  shampoo.options.interval = 1;
  auto after = weightsAfterEach(shampoo, zero(3, 3), gradients);
  CHECK(relativeDistance(after[8] - after[7], after[0] / 3) < 1e-8);
  shampoo.options.statisticsDecay = .5;
  after = weightsAfterEach(shampoo, zero(3, 3), gradients);
  // 1 − 2⁻¹ and 1 − 2⁻⁹ of GGᵀ.
  CHECK(relativeDistance(after[8] - after[7], after[0] * std::sqrt(.5 / (1 - std::pow(.5, 9)))) <
        1e-8);
}
