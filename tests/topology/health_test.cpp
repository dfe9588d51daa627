// The health of grids: what is wrong is said, and the serpentine shift undone.
#include "topology/analysis/health.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "grids.h"
#include "topology/analysis/serpentine.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::vector<std::string> findings(const ScalarGrid& grid, std::optional<double> modelLoss = {}) {
  std::vector<std::string> codes;
  for (const auto& finding : checkHealth(grid, joinTree(grid, Connectivity::axes2n), modelLoss)) {
    codes.push_back(finding.code);
  }
  return codes;
}

bool finds(const std::string& code, const ScalarGrid& grid, std::optional<double> modelLoss = {}) {
  const auto codes = findings(grid, modelLoss);
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// An n × n grid of a function of its place from −1 to 1.
template <typename Function>
ScalarGrid sampled(std::size_t n, Function function) {
  std::vector<double> places;
  for (std::size_t i = 0; i < n; ++i) {
    places.push_back(static_cast<double>(i) * 2.0 / static_cast<double>(n - 1) - 1.0);
  }
  std::vector<double> values;
  for (const double y : places) {
    for (const double x : places) {
      values.push_back(function(x, y));
    }
  }
  return {{{places, "y", ""}, {places, "x", ""}}, values};
}

double irrational(double x, double y) {
  return std::exp(x * x + 1.3 * y * y + 0.1 * x * y);
}

}  // namespace

TEST_CASE("a smooth basin is sound") {
  CHECK(findings(sampled(21, irrational), 1.0).empty());
}

TEST_CASE("rounded values and clipped values are found") {
  CHECK(finds("plateau", sampled(21, [](double x, double y) {
                return std::round(10 * irrational(x, y)) / 10;
              })));
  CHECK(finds("saturated",
              sampled(21, [](double x, double y) { return std::min(irrational(x, y), 2.0); })));
}

TEST_CASE("minima that rounding alone can make are called noise") {
  // One step of single precision up and down along x, on a bowl that is nearly flat.
  const auto rough = sampled(21, [](double x, double y) {
    const auto column = std::lround((x + 1.0) * 10.0);
    return static_cast<double>(static_cast<float>(1.0 + 1e-3 * y * y) +
                               (column % 2 == 0 ? 0.0F : 1.2e-7F));
  });
  CHECK(finds("noise", rough));
  CHECK_FALSE(finds("noise", sampled(21, [](double x, double y) {
                      return irrational(x, y) + 0.3 * std::cos(9 * x);
                    })));
}

TEST_CASE("basins of one cell are found") {
  CHECK(finds("coarse", gridOf({20, 20}, noise(400, 3))));
  CHECK_FALSE(finds("coarse", sampled(41, [](double x, double y) {
                      return irrational(x, y) + std::cos(9 * x);
                    })));
}

TEST_CASE("a middle that is not the model is found") {
  const auto grid = sampled(21, irrational);
  CHECK_FALSE(finds("off-centre", grid, 1.0));
  CHECK(finds("off-centre", grid, 1.01));
  // Without a vertex in the middle nothing can be said.
  CHECK_FALSE(finds("off-centre", sampled(20, irrational), 5.0));
}

TEST_CASE("the serpentine plane is flagged and mended to one minimum") {
  // f(y, x) = x + [y odd]: twenty minima in 2n where the plane has one.
  std::vector<double> values;
  for (std::size_t y = 0; y < 40; ++y) {
    for (std::size_t x = 0; x < 40; ++x) {
      values.push_back(static_cast<double>(x + y % 2));
    }
  }
  const auto grid = gridOf({40, 40}, values);
  CHECK(joinTree(grid, Connectivity::axes2n).minimaCount == 20);
  CHECK(finds("serpentine", grid));
  const auto mended = undoSerpentine(grid, serpentineCheck(grid));
  CHECK(mended.shape() == std::vector<std::size_t>{40, 39});
  CHECK(joinTree(mended, Connectivity::axes2n).minimaCount == 1);
  CHECK_FALSE(finds("serpentine", mended));
}

TEST_CASE("mending gives back the values that were displaced, on their own coordinates") {
  const std::size_t n = 21;
  const auto straight = sampled(n, irrational);
  for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
    for (const int shift : {-1, 1}) {
      std::vector<double> displaced(straight.values().begin(), straight.values().end());
      const auto id = [&](std::size_t line, std::size_t place) {
        return axis == 0 ? line * n + place : place * n + line;
      };
      for (std::size_t line = 1; line < n; line += 2) {
        for (std::size_t place = 1; place + 1 < n; ++place) {
          const auto from = static_cast<std::size_t>(static_cast<int>(place) + shift);
          displaced[id(line, place)] = straight.values()[id(line, from)];
        }
      }
      const auto grid = gridOf({n, n}, displaced);
      const auto found = serpentineCheck(grid);
      CHECK(found.isDisplaced());
      CHECK(found.lineAxis == axis);
      CHECK(found.shift == -shift);
      const auto mended = undoSerpentine(grid, found);
      const std::size_t first = found.shift < 0 ? 1 : 0;
      CHECK(mended.axes()[1 - axis].coordinates.front() == static_cast<double>(first));
      // The outermost places were never displaced here; all others have to be as they were.
      for (std::size_t line = 0; line < n; ++line) {
        for (std::size_t place = 2; place + 2 < n; ++place) {
          const std::size_t kept = place - first;
          const std::size_t at = axis == 0 ? line * (n - 1) + kept : kept * n + line;
          REQUIRE(mended.values()[at] == straight.values()[id(line, place)]);
        }
      }
    }
  }
  CHECK(serpentineCheck(straight).ratio == 1.0);
  CHECK_FALSE(serpentineCheck(straight).isDisplaced());
}
