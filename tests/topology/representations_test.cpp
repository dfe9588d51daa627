// Summaries of persistence diagrams, against GUDHI's exact landscapes and against what they must
// add up to.
#include "topology/persistence/representations.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <gudhi/Persistence_landscape.h>

#include "grids.h"
#include "topology/base/error.h"
#include "topology/base/numbers.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::vector<DiagramPoint> noisePoints() {
  return pointsOf(persistenceDiagram(gridOf({20, 20}, noise(400, 7)), Connectivity::axes2n), 0);
}

std::vector<double> levels(std::size_t count) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return result;
}

}  // namespace

TEST_CASE("persistence landscapes are GUDHI's") {
  const auto points = noisePoints();
  std::vector<std::pair<double, double>> pairs;
  for (const DiagramPoint& point : points) {
    if (std::isfinite(point.death)) {
      pairs.emplace_back(point.birth, point.death);
    }
  }
  REQUIRE(pairs.size() > 20);
  const Gudhi::Persistence_representations::Persistence_landscape exact(pairs);
  const auto at = levels(41);
  const auto rows = persistenceLandscape(points, at, 5);
  REQUIRE(rows.size() == 5);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      CHECK_THAT(
          rows[k][i],
          WithinAbs(exact.compute_value_at_a_given_point(static_cast<unsigned>(k), at[i]), 1e-12));
    }
  }
}

TEST_CASE("a Betti curve counts what is alive, and its integral is the sum of the persistence") {
  const std::vector<DiagramPoint> points{{0.0, kInfinity}, {0.25, 0.75}, {0.5, 0.75}};
  const std::vector<double> at{-1.0, 0.0, 0.25, 0.5, 0.7, 0.75, 2.0};
  CHECK(bettiCurve(points, at) == std::vector<std::size_t>{0, 1, 2, 3, 3, 1, 1});
  // Of superlevel sets: the same upside down.
  const std::vector<DiagramPoint> down{{0.0, -kInfinity}, {-0.25, -0.75}};
  CHECK(bettiCurve(down, std::vector<double>{0.1, 0.0, -0.25, -0.75}) ==
        std::vector<std::size_t>{0, 1, 2, 1});

  std::vector<DiagramPoint> mortal;
  double persistence = 0.0;
  for (const DiagramPoint& point : noisePoints()) {
    if (std::isfinite(point.death)) {
      mortal.push_back(point);
      persistence += point.death - point.birth;
    }
  }
  const auto fine = levels(20001);
  const auto curve = bettiCurve(mortal, fine);
  const double integral =
      std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(fine.size() - 1);
  CHECK_THAT(integral, WithinRel(persistence, 1e-3));
}

TEST_CASE("persistent entropy: ln n for n equal classes, and less for others") {
  const std::vector<DiagramPoint> equal{{0, 1}, {5, 6}, {2, 3}, {0, kInfinity}};
  CHECK_THAT(persistentEntropy(equal), WithinRel(std::log(3.0), 1e-12));
  // Shares 3/4 and 1/4.
  const std::vector<DiagramPoint> two{{0, 3}, {0, 1}};
  CHECK_THAT(persistentEntropy(two),
             WithinRel(-0.75 * std::log(0.75) - 0.25 * std::log(0.25), 1e-12));
  CHECK(persistentEntropy({}) == 0.0);
  CHECK(persistentEntropy(std::vector<DiagramPoint>{{1, 1}}) == 0.0);
}

TEST_CASE("a persistence image holds each class's weight where the class is") {
  // One class: at the right edge of persistence, half of its Gaussian lies beyond; so does what
  // lies beyond the births' edges, which are four or more standard deviations away.
  const std::vector<DiagramPoint> one{{0.5, 1.5}};
  const auto image = persistenceImage(one, 16, 1.0);
  CHECK(image.persistenceHigh == 1.0);
  CHECK(image.birthLow == 0.0);
  CHECK(image.birthHigh == 1.0);
  const double sum = std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0);
  CHECK_THAT(sum, WithinAbs(0.5, 1e-4));
  const auto brightest =
      std::max_element(image.pixels.begin(), image.pixels.end()) - image.pixels.begin();
  CHECK(brightest / 16 == 15);
  CHECK((brightest % 16 == 7 || brightest % 16 == 8));
  // Weights are linear in persistence, so that images are stable (Adams et al. 2017).
  const std::vector<DiagramPoint> two{{0.0, 4.0}, {4.0, 5.0}};
  const auto wide = persistenceImage(two, 400, 2.0);
  double left = 0.0;
  double right = 0.0;
  for (std::size_t row = 0; row < 400; ++row) {
    for (std::size_t column = 0; column < 400; ++column) {
      (column < 200 ? left : right) += wide.pixels[row * 400 + column];
    }
  }
  // Halves are lost at the births' edges alike, and a half of the first beyond its persistence.
  CHECK_THAT(left, WithinAbs(0.25, 1e-3));
  CHECK_THAT(right, WithinAbs(0.125, 1e-3));
  CHECK(persistenceImage({}, 3).pixels == std::vector<double>(9, 0.0));
  CHECK_THROWS_AS(persistenceImage(one, 0), Error);
  CHECK_THROWS_AS(persistenceImage(one, 5, 0.0), Error);
}
