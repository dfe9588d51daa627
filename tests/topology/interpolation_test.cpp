#include "topology/grid/interpolation.h"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using namespace tarn;
using Catch::Approx;

namespace {

// A function that is linear along each axis is its own interpolation.
double multilinear(double x, double y, double z) {
  return 1 + 2 * x - 3 * y + 0.5 * z + 4 * x * y - x * z + 2 * x * y * z;
}

ScalarGrid sampled() {
  const std::vector<double> x{-1, 0, 2.5};
  const std::vector<double> y{0, 1};
  const std::vector<double> z{1, 4, 5, 9};
  std::vector<double> values;
  for (const double a : x) {
    for (const double b : y) {
      for (const double c : z) {
        values.push_back(multilinear(a, b, c));
      }
    }
  }
  return {{{x, "", ""}, {y, "", ""}, {z, "", ""}}, values};
}

}  // namespace

TEST_CASE("a multilinear function is interpolated as it is, on vertices, edges and inside") {
  const ScalarGrid grid = sampled();
  for (const auto& at : {std::array{-0.3, 0.25, 2.0}, std::array{0.0, 1.0, 4.0},
                         std::array{2.5, 0.0, 9.0}, std::array{1.7, 0.5, 4.5}}) {
    CHECK(interpolateAt(grid, at) == Approx(multilinear(at[0], at[1], at[2])).epsilon(1e-13));
  }
}

TEST_CASE("outside the axes there is no value") {
  const ScalarGrid grid = sampled();
  CHECK(std::isnan(interpolateAt(grid, std::array{-1.01, 0.5, 2.0})));
  CHECK(std::isnan(interpolateAt(grid, std::array{0.0, 0.5, 9.1})));
  CHECK(std::isnan(interpolateAt(grid, std::array{std::nan(""), 0.5, 2.0})));
  CHECK(std::isnan(interpolateAt(grid, std::array{0.0, 0.5})));
}

TEST_CASE("a masked corner counts where it has a weight, and only there") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const ScalarGrid grid({{{0, 1}, "", ""}, {{0, 1}, "", ""}}, {1, 2, 3, nan});
  CHECK(interpolateAt(grid, std::array{0.5, 0.0}) == Approx(2));
  CHECK(std::isnan(interpolateAt(grid, std::array{0.5, 0.5})));
}
