// The matrix functions that optimizers are made of, against published tables and closed forms.
#include <array>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/optim/factorizations.h"
#include "engine/optim/newton_root.h"
#include "engine/optim/newton_schulz.h"
#include "engine/optim/polar_express.h"
#include "engine/optim/qdwh.h"
#include "engine/optim/sinkhorn.h"
#include "optimizer_support.h"
#include "torch_catch.h"

using namespace tarn::engine;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using tarn::test::exactPolar;
using tarn::test::largest;

namespace {

at::Tensor doubles(const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble);
}

/// m×n with these singular values between random orthogonal bases.
at::Tensor withSingularValues(const std::vector<double>& values, std::int64_t m, std::int64_t n) {
  torch::manual_seed(17);
  const auto count = static_cast<std::int64_t>(values.size());
  const auto u = std::get<0>(at::linalg_qr(torch::randn({m, count}, torch::kDouble)));
  const auto v = std::get<0>(at::linalg_qr(torch::randn({n, count}, torch::kDouble)));
  return (u * doubles(values)).mm(v.t());
}

/// Five of Muon's quintics on a number.
double afterFive(double x) {
  for (int i = 0; i < 5; ++i) {
    x = kMuonQuintic(x);
  }
  return x;
}

}  // namespace

TEST_CASE("five of Muon's quintics map singular values as published", "[matrix_functions]") {
  // design table of the coefficients 3.4445, −4.7750, 2.0315, to six digits.
  const std::vector<double> before = {1, .5, .1, .05, .01, .005, .001, 1e-4};
  const std::vector<double> after = {.696436, .765439,  .712120, .758120,
                                     .698917, 1.154366, .470544, .048473};
  const std::array<Quintic, 5> five = {kMuonQuintic, kMuonQuintic, kMuonQuintic, kMuonQuintic,
                                       kMuonQuintic};
  const at::Tensor mapped = applyQuintics(at::diag(doubles(before)), five);
  CHECK(largest(mapped - at::diag(doubles(after))) < 5.1e-7);
}

TEST_CASE("their range on [0.01, 1], slope at 0, and that they don't converge",
          "[matrix_functions]") {
  double least = 2;
  double most = 0;
  for (int i = 0; i <= 1'000'000; ++i) {
    const double y = afterFive(.01 + .99 * i / 1'000'000);
    least = std::min(least, y);
    most = std::max(most, y);
  }
  CHECK_THAT(least, WithinAbs(.6818, 5e-5));
  CHECK_THAT(most, WithinAbs(1.1344, 5e-5));
  CHECK_THAT(afterFive(1e-9) / 1e-9, WithinAbs(484.876, 5e-4));
  double x = .9;
  double furthest = 0;
  for (int i = 0; i < 200; ++i) {
    x = kMuonQuintic(x);
    furthest = i < 100 ? 0 : std::max(furthest, std::abs(x - 1));
  }
  CHECK(furthest > .1);  // 1 is no fixed point: a + b + c = 0.701
}

TEST_CASE("Newton–Schulz works on either side of a matrix and leaves the matrix 0 alone",
          "[matrix_functions]") {
  const at::Tensor tall = withSingularValues({3, 1, .2}, 7, 3);
  const auto [u, s, vh] = at::linalg_svd(tall, false);
  const at::Tensor scaled = s / (tall.norm() + 1e-7);
  std::vector<double> mapped;
  mapped.reserve(3);
  for (std::int64_t i = 0; i < 3; ++i) {
    mapped.push_back(afterFive(scaled[i].item<double>()));
  }
  const at::Tensor expected = (u * doubles(mapped)).mm(vh);
  CHECK(largest(newtonSchulz(tall) - expected) < 1e-13);
  CHECK(largest(newtonSchulz(tall.t()) - expected.t()) < 1e-13);
  CHECK(largest(newtonSchulz(at::zeros({3, 4}))) == 0);
}

TEST_CASE("the QR-based Halley iteration needs as many steps as published", "[matrix_functions]") {
  // Nakatsukasa, Bai and Gygi 2010: at most six, from any condition number of a double.
  CHECK(halleySteps(.5) == 3);
  CHECK(halleySteps(.1) == 4);
  CHECK(halleySteps(.01) == 4);
  CHECK(halleySteps(1e-4) == 4);
  CHECK(halleySteps(1e-8) == 5);
  CHECK(halleySteps(1e-16) == 6);
  const HalleyWeights first = halleyWeights(.5);
  CHECK_THAT(first.a, WithinAbs(4.359340, 5e-7));
  CHECK_THAT(first.b, WithinAbs(2.821291, 5e-7));
  CHECK_THAT(first.c, WithinAbs(6.180631, 5e-7));
  CHECK_THAT(halleyWeights(halleyWeights(1e-8).lower).lower, WithinAbs(.42, 5e-3));
}

TEST_CASE("QDWH finds polar factors to rounding, whatever the shape and condition",
          "[matrix_functions]") {
  for (const auto& [m, n] : {std::pair{5, 5}, {9, 4}, {4, 9}, {6, 1}, {1, 6}}) {
    std::vector<double> values = {40, 1, 3e-3, 1e-5};
    values.resize(static_cast<std::size_t>(std::min({m, n, 4})));
    const at::Tensor matrix = std::min(m, n) > 4 ? withSingularValues({40, 7, 1, 3e-3, 1e-5}, m, n)
                                                 : withSingularValues(values, m, n);
    INFO(m << " x " << n);
    const at::Tensor polar = qdwh(matrix);
    // The polar factor moves by up to 2·eps·σ_max/σ_min when the matrix does by a rounding.
    CHECK(largest(polar - exactPolar(matrix)) < 1e-8);
    const at::Tensor gram = m < n ? polar.mm(polar.t()) : polar.t().mm(polar);
    CHECK(largest(gram - at::eye(gram.size(0), at::kDouble)) < 1e-13);
  }
  const at::Tensor narrow = withSingularValues({2, 1, .5}, 6, 3).to(at::kFloat);
  CHECK(largest(qdwh(narrow) - exactPolar(narrow)) < 1e-6);
  CHECK(largest(qdwh(at::zeros({3, 2}, at::kDouble))) == 0);
}

TEST_CASE("the Polar Express's coefficients are those of its paper", "[matrix_functions]") {
  // Algorithm 1 of arXiv 2505.16932, before the safety factor.
  const std::array<std::array<double, 3>, 8> published = {
      {{8.28721201814563, -23.595886519098837, 17.300387312530933},
       {4.107059111542203, -2.9478499167379106, 0.5448431082926601},
       {3.9486908534822946, -2.908902115962949, 0.5518191394370137},
       {3.3184196573706015, -2.488488024314874, 0.51004894012372},
       {2.300652019954817, -1.6689039845747493, 0.4188073119525673},
       {1.891301407787398, -1.2679958271945868, 0.37680408948524835},
       {1.8750014808534479, -1.2500016453999487, 0.3750001645474248},
       {1.875, -1.25, 0.375}}};
  const auto quintics = polarExpressQuintics(8);
  for (std::size_t i = 0; i < published.size(); ++i) {
    INFO(i);
    // The last but one is found on an interval so short that the system is nearly singular.
    const double tolerance = i < 6 ? 1e-10 : 1e-5;
    CHECK_THAT(quintics[i].a, WithinRel(published[i][0], tolerance));
    CHECK_THAT(quintics[i].b, WithinRel(published[i][1], tolerance));
    CHECK_THAT(quintics[i].c, WithinRel(published[i][2], tolerance));
  }
}

TEST_CASE("the nearest quintic's error has one size and changing signs", "[matrix_functions]") {
  // Chebyshev's theorem: four points of alternating largest error make it the best.
  const Quintic p = nearestQuintic(.05, 1);
  const double end = 1 - p(.05);
  double least = 2;
  double most = -2;
  for (int i = 0; i <= 100'000; ++i) {
    const double error = 1 - p(.05 + .95 * i / 100'000);
    least = std::min(least, error);
    most = std::max(most, error);
  }
  CHECK_THAT(most, WithinAbs(end, 1e-9));
  CHECK_THAT(least, WithinAbs(-end, 1e-6));
  CHECK_THAT(1 - p(1), WithinAbs(-end, 1e-12));
}

TEST_CASE("the Polar Express converges where its bound holds", "[matrix_functions]") {
  const at::Tensor matrix = withSingularValues({5, 2, .3, .02}, 8, 4);
  CHECK(largest(polarExpress(matrix, 10) - exactPolar(matrix)) < 1e-6);
  CHECK(largest(polarExpress(matrix.t(), 10) - exactPolar(matrix.t())) < 1e-6);
  CHECK(largest(polarExpress(at::zeros({3, 4}))) == 0);
}

TEST_CASE("powers of symmetric matrices have a floor under the eigenvalues", "[matrix_functions]") {
  torch::manual_seed(3);
  const auto basis = std::get<0>(at::linalg_qr(torch::randn({4, 4}, torch::kDouble)));
  const auto with = [&](const std::vector<double>& values) {
    return (basis * doubles(values)).mm(basis.t());
  };
  CHECK(largest(symmetricPower(with({16, 4, 1, .25}), -.5, 1e-8) - with({.25, .5, 1, 2})) < 1e-12);
  CHECK(largest(symmetricPower(with({16, 4, 1, 0}), -.25, 1. / 256) -
                with({.5, std::sqrt(.5), 1, 2})) < 1e-12);
  CHECK(at::isnan(symmetricPower(at::full({2, 2}, INFINITY), 1, 0)).all().item<bool>());
}

TEST_CASE("Newton's square roots are the eigendecomposition's", "[matrix_functions]") {
  torch::manual_seed(4);
  const auto basis = std::get<0>(at::linalg_qr(torch::randn({4, 4}, torch::kDouble)));
  const auto with = [&](const std::vector<double>& values) {
    return (basis * doubles(values)).mm(basis.t());
  };
  CHECK(largest(newtonRoot(with({81, 16, 1, 1e-2}), 1) - with({9, 4, 1, .1})) < 1e-12);
  // The eigenvalues are raised by 8·eps·‖A‖_F, which shows in small ones.
  CHECK(largest(newtonRoot(with({81, 16, 1, 1e-4}), 2) - with({3, 2, 1, .1})) < 1e-9);
  // A singular matrix in single precision, whose rounded eigenvalues lie on both sides of 0.
  const at::Tensor singular = with({9, 1, 0, 0}).to(at::kFloat);
  CHECK(largest(newtonRoot(singular, 4).mm(singular) - with({9 * std::pow(9, .0625), 1, 0, 0})) <
        1e-3);
  CHECK(largest(newtonRoot(at::zeros({2, 2}), 3)) == 0);
}

TEST_CASE("Sinkhorn's scaling evens rows, then columns", "[matrix_functions]") {
  // One round by hand: rows (3, 4)/5·√2 and (0, 5)/5·√2, then columns to √2.
  const at::Tensor matrix = torch::tensor({{3., 4.}, {0., 5.}}, torch::kDouble);
  const double column = std::sqrt(2 / 1.64);
  CHECK(largest(sinkhorn(matrix, 1) - torch::tensor({{std::sqrt(2.), .8 * column}, {0., column}},
                                                    torch::kDouble)) < 1e-15);
  torch::manual_seed(5);
  const at::Tensor wide = torch::rand({3, 7}, torch::kDouble) + .1;
  const at::Tensor even = sinkhorn(wide, 60);
  CHECK(largest(even.norm(2, {0}) - std::sqrt(3.)) < 1e-14);
  CHECK(largest(even.norm(2, {1}) - std::sqrt(7.)) < 1e-12);
  CHECK(largest(sinkhorn(wide * 1e-30) - sinkhorn(wide)) < 1e-12);
  CHECK(largest(sinkhorn(at::zeros({2, 3}))) == 0);
}
