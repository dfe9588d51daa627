#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "matrices.h"
#include "support/reference_optimizers.h"

using Catch::Matchers::WithinRel;
using namespace tarn::test::reference;

namespace {

const std::vector<std::pair<int, int>> shapes{{7, 3}, {3, 7}, {5, 5}};

/// −(W_t − W_{t−1})/lr of a run without decay: what the rule calls the update.
template <class Optimizer>
std::vector<Matrix> updates(Optimizer optimizer, const std::vector<Matrix>& gradients) {
  optimizer.options.weightDecay = 0;
  Matrix before = Matrix::Zero(gradients[0].rows(), gradients[0].cols());
  std::vector<Matrix> all;
  for (const auto& W : weightsAfterEach(optimizer, before, gradients)) {
    all.emplace_back((before - W) / optimizer.options.lr);
    before = W;
  }
  return all;
}

/// Nesterov averages in closed form: Σ_s (1 − β)β^{t−s}G_s looked ahead by one.
Matrix nesterovClosed(const std::vector<Matrix>& gradients, std::size_t t, double beta) {
  Matrix M = Matrix::Zero(gradients[0].rows(), gradients[0].cols());
  for (std::size_t s = 0; s <= t; ++s) {
    M += (1 - beta) * std::pow(beta, static_cast<double>(t - s)) * gradients[s];
  }
  return (1 - beta) * gradients[t] + beta * M;
}

/// √max(1, m/n)
double tallness(int m, int n) {
  return m > n ? std::sqrt(static_cast<double>(m) / n) : 1;
}

HtMuon htMuon(HtMuon::Variant variant, double power) {
  HtMuon optimizer;
  optimizer.options.variant = variant;
  optimizer.options.power = power;
  return optimizer;
}

}  // namespace

TEST_CASE("HTMuon with power 0 is Muon with the exact polar factor") {
  for (const auto& [m, n] : shapes) {
    const auto gradients = gaussians(6, m, n, 10);
    const auto steps = updates(htMuon(HtMuon::Variant::exact, 0), gradients);
    for (std::size_t t = 0; t < steps.size(); ++t) {
      const Matrix expected = tallness(m, n) * svdPolar(nesterovClosed(gradients, t, .95));
      CHECK(relativeDistance(steps[t], expected) < 1e-10);
    }
  }
}

TEST_CASE("HTMuon with power 1 is the momentum times the shape factor") {
  for (const auto& [m, n] : shapes) {
    const auto gradients = gaussians(6, m, n, 20);
    const auto steps = updates(htMuon(HtMuon::Variant::exact, 1), gradients);
    for (std::size_t t = 0; t < steps.size(); ++t) {
      const Matrix expected = tallness(m, n) * nesterovClosed(gradients, t, .95);
      CHECK(relativeDistance(steps[t], expected) < 1e-10);
    }
  }
}

TEST_CASE("HTMuon by ranks has the singular values 1, 2^-p, 3^-p, …") {
  const auto step = updates(htMuon(HtMuon::Variant::rankBased, .5), gaussians(1, 4, 3, 30))[0];
  const Vector values = thinSvd(step).values / std::sqrt(4.0 / 3);
  CHECK_THAT(values[0], WithinRel(1.0, 1e-10));
  CHECK_THAT(values[1], WithinRel(std::sqrt(.5), 1e-10));
  CHECK_THAT(values[2], WithinRel(std::sqrt(1.0 / 3), 1e-10));
}

TEST_CASE("HTMuon at every fifth step is Muon at the others") {
  const auto gradients = gaussians(11, 4, 6, 40);
  const auto mixed = updates(htMuon(HtMuon::Variant::everyFifth, .125), gradients);
  const auto exact = updates(htMuon(HtMuon::Variant::exact, .125), gradients);
  const auto muon = updates(Muon(), gradients);
  for (std::size_t t = 1; t <= mixed.size(); ++t) {
    INFO("step " << t);
    const auto& expected = t % 5 == 0 ? exact[t - 1] : muon[t - 1];
    CHECK(relativeDistance(mixed[t - 1], expected) < 1e-10);
  }
}

TEST_CASE("HTMuon by square roots multiplies Newton-Schulz's singular values by S^p") {
  for (const auto& [m, n] : shapes) {
    const auto gradients = gaussians(1, m, n, 50);
    const auto step = updates(htMuon(HtMuon::Variant::squareRoots, .125), gradients)[0];
    const Matrix U = nesterovClosed(gradients, 0, .95);
    const auto [P, S, Q] = thinSvd(U);
    const Matrix muon = updates(Muon(), gradients)[0];
    const Vector flattened = (P.transpose() * muon * Q).diagonal();
    const Vector expected = flattened.array() * S.array().pow(.125);
    CHECK(relativeDistance(step, P * expected.asDiagonal() * Q.transpose()) < 1e-10);
  }
}

TEST_CASE("streaming HTMuon reaches the exact update while the gradient stays the same") {
  for (const auto& [m, n] : shapes) {
    const Vector halving =
        Eigen::pow(.5, Vector::LinSpaced(std::min(m, n), 0, std::min(m, n) - 1).array());
    const std::vector<Matrix> gradients(30, withSingularValues(m, n, halving, 60));
    const auto streamed = updates(htMuon(HtMuon::Variant::streaming, .125), gradients);
    const auto exact = updates(htMuon(HtMuon::Variant::exact, .125), gradients);
    CHECK(relativeDistance(streamed.front(), exact.front()) > 1e-3);
    CHECK(relativeDistance(streamed.back(), exact.back()) < 1e-9);
  }
}

TEST_CASE("RMNP's rows have the norm of the shape factor, a row of zeros stays zero") {
  auto gradients = gaussians(5, 6, 4, 70);
  for (auto& G : gradients) {
    G.row(2).setZero();
  }
  for (const auto& step : updates(Rmnp(), gradients)) {
    for (Eigen::Index i = 0; i < step.rows(); ++i) {
      if (i == 2) {
        CHECK(step.row(i).norm() == 0);
      } else {
        CHECK_THAT(step.row(i).norm(), WithinRel(std::sqrt(1.5), 1e-10));
      }
    }
  }
}

TEST_CASE("AuON of the paper divides the normalized momentum by √(1 + mean sinh²)") {
  const auto gradients = gaussians(3, 4, 5, 80);
  const auto steps = updates(Auon(), gradients);
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const Matrix U = nesterovClosed(gradients, t, .95);
    const Matrix X = U / U.norm();
    const double scale = std::sqrt(1 + X.array().sinh().square().mean());
    CHECK(relativeDistance(steps[t], X / scale) < 1e-5);  // the rule's 1e-7 and 1e-8
  }
}

TEST_CASE("the paper's hybrid AuON takes one Newton-Schulz step first") {
  Auon hybrid;
  hybrid.options.newtonSchulzSteps = 1;
  const auto gradients = gaussians(1, 4, 5, 85);
  const Matrix U = nesterovClosed(gradients, 0, .95) / nesterovClosed(gradients, 0, .95).norm();
  const Matrix A = U * U.transpose();
  const Matrix X = (3.4445 * U - 4.7750 * A * U + 2.0315 * A * A * U).normalized();
  const double scale = std::sqrt(1 + X.array().sinh().square().mean());
  CHECK(relativeDistance(updates(hybrid, gradients)[0], X / scale) < 1e-5);
}

TEST_CASE("PolarGrad's step is as long as the nuclear norm says, in every polar method") {
  for (const auto& [m, n] : shapes) {
    const auto gradients = gaussians(1, m, n, 90);
    for (const auto method : {PolarMethod::svd, PolarMethod::qdwh, PolarMethod::polarExpress}) {
      PolarGrad optimizer;
      optimizer.options.method = method;
      optimizer.options.innerSteps = 12;
      const Matrix step = updates(optimizer, gradients)[0];
      const double nuclear = .05 * thinSvd(gradients[0]).values.sum();
      for (const double value : thinSvd(step).values) {
        CHECK_THAT(value, WithinRel(nuclear, 1e-10));
      }
    }
  }
}

TEST_CASE("PolarGrad's two orders agree while the gradient stays the same") {
  const std::vector<Matrix> gradients(4, gaussian(5, 4, 95));
  PolarGrad optimizer;
  const auto momentumFirst = updates(optimizer, gradients);
  optimizer.options.order = PolarGrad::Order::polarFirst;
  const auto polarFirst = updates(optimizer, gradients);
  for (std::size_t t = 0; t < 4; ++t) {
    CHECK(relativeDistance(polarFirst[t], momentumFirst[t]) < 1e-10);
  }
}

TEST_CASE("weights decay before the step, by the rate times the decay") {
  Muon muon;
  muon.options.weightDecay = .5;
  const Matrix W = gaussian(3, 3, 98);
  const Matrix G = gaussian(3, 3, 99);
  const Matrix decayedStep = muon.step(W, G);
  const Matrix plainStep = Muon().step(W, G);
  CHECK((decayedStep - (plainStep - .02 * .5 * W)).norm() < 1e-14);
}
