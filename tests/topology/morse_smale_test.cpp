#include "topology/morse_smale/morse_smale.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "grids.h"
#include "topology/base/numbers.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/diagram.h"
#include "topology/persistence/persistence.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::WithinRel;

namespace {

const std::vector<std::vector<std::size_t>> kSmallShapes{{9},    {7, 8},    {1, 6},   {5, 1},
                                                         {2, 2}, {4, 5, 3}, {2, 3, 2}};

std::vector<std::vector<double>> fields(std::size_t size, unsigned seed) {
  return {noise(size, seed), steps(size, 4, seed), masked(noise(size, seed), 0.2, seed + 1)};
}

/// What the persistence of the grid demands: a cell of index k where a class of degree k is born,
/// one of index k + 1 where it dies.
std::multiset<std::pair<int, std::int64_t>> demanded(const ScalarGrid& grid,
                                                     Connectivity connectivity) {
  std::multiset<std::pair<int, std::int64_t>> result;
  for (const auto& interval : persistenceDiagram(grid, connectivity).intervals) {
    result.emplace(interval.degree, interval.birthVertex);
    if (!interval.isEssential()) {
      result.emplace(interval.degree + 1, interval.deathVertex);
    }
  }
  return result;
}

/// The pairs of minima and saddles by the elder rule, from the ways down the gradient alone.
std::set<std::pair<std::int64_t, std::int64_t>> pairsOfSeparatrices(const MorseSmale& complex) {
  std::map<std::int32_t, std::vector<std::int32_t>> ends;
  for (const Separatrix& path : complex.separatrices) {
    const bool isDown = path.extremum >= 0 && complex.criticalCells[at(path.extremum)].index == 0;
    if (complex.criticalCells[at(path.saddle)].index == 1 && isDown) {
      ends[path.saddle].push_back(path.extremum);
    }
  }
  std::map<std::int32_t, std::int32_t> elder;
  const auto eldest = [&](std::int32_t minimum) {
    while (elder.contains(minimum)) {
      minimum = elder[minimum];
    }
    return minimum;
  };
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const auto& [saddle, minima] : ends) {  // in order of the saddles
    REQUIRE(minima.size() == 2);
    const auto [older, younger] = std::minmax({eldest(minima[0]), eldest(minima[1])});
    if (older != younger) {
      elder[younger] = older;
      pairs.emplace(complex.criticalCells[at(younger)].vertex,
                    complex.criticalCells[at(saddle)].vertex);
    }
  }
  return pairs;
}

}  // namespace

TEST_CASE("the critical cells are the ones that persistence demands, and no more") {
  unsigned seed = 700;
  for (const auto& shape : kSmallShapes) {
    for (const auto connectivity : kConnectivities) {
      ++seed;
      for (const auto& values : fields(product(shape), seed)) {
        const ScalarGrid grid = gridOf(shape, values);
        std::multiset<std::pair<int, std::int64_t>> found;
        for (const CriticalCell& cell : morseSmale(grid, connectivity).criticalCells) {
          found.emplace(cell.index, cell.vertex);
        }
        INFO(toString(connectivity) << ", " << shape.size() << "-D, seed " << seed);
        CHECK(found == demanded(grid, connectivity));
      }
    }
  }
}

TEST_CASE("saddles and minima that the gradient connects pair as those of the join tree") {
  unsigned seed = 800;
  for (const auto& shape : kSmallShapes) {
    for (const auto connectivity : kConnectivities) {
      ++seed;
      for (const auto& values : fields(product(shape), seed)) {
        const ScalarGrid grid = gridOf(shape, values);
        std::set<std::pair<std::int64_t, std::int64_t>> expected;
        for (const auto& pair : zerothPersistence(joinTree(grid, connectivity)).pairs) {
          expected.emplace(pair.birthVertex, pair.deathVertex);
        }
        INFO(toString(connectivity) << ", " << shape.size() << "-D, seed " << seed);
        CHECK(pairsOfSeparatrices(morseSmale(grid, connectivity)) == expected);
      }
    }
  }
}

TEST_CASE("every usable vertex lies in one ascending manifold, and the volumes add up") {
  const std::vector<double> x{0.0, 1.0, 3.0, 4.0, 8.0};
  const std::vector<double> y{0.0, 0.5, 1.0, 2.0};
  for (const auto connectivity : kConnectivities) {
    const ScalarGrid grid({{y, "y", ""}, {x, "x", ""}}, noise(20, 6));
    const MorseSmale complex = morseSmale(grid, connectivity);
    std::int64_t vertices = 0;
    double volume = 0.0;
    for (const Manifold& manifold : complex.ascending) {
      CHECK(complex.criticalCells[at(manifold.extremum)].index == 0);
      CHECK(manifold.vertices > 0);
      vertices += manifold.vertices;
      volume += manifold.volume;
    }
    CHECK(vertices == 20);
    CHECK_THAT(volume, WithinRel(16.0, 1e-12));  // 8 × 2
    for (const Manifold& manifold : complex.descending) {
      CHECK(complex.criticalCells[at(manifold.extremum)].index == 2);
    }
  }
}

TEST_CASE("two wells and a hill between them make two basins and one maximum") {
  std::vector<double> values;
  for (int y = 0; y < 15; ++y) {
    for (int x = 0; x < 21; ++x) {
      const double u = (x - 10) / 5.0;
      const double v = (y - 7) / 5.0;
      // Wells at u = ±1, a hill at 0, everything held in by a bowl.
      values.push_back((u * u - 1) * (u * u - 1) + v * v - 2 * std::exp(-4 * v * v - 4 * u * u) +
                       4 * std::exp(-6 * u * u - 6 * v * v));
    }
  }
  const ScalarGrid grid = gridOf({15, 21}, values);
  for (const auto connectivity : kConnectivities) {
    const MorseSmale complex = morseSmale(grid, connectivity);
    INFO(toString(connectivity));
    REQUIRE(complex.descending.size() == 1);
    CHECK(complex.criticalCells[at(complex.descending[0].extremum)].vertex == 7 * 21 + 10);
    // The way from a well to the other goes round the hill on either side.
    const auto count = [&](int index) {
      return std::ranges::count_if(complex.criticalCells,
                                   [&](const auto& cell) { return cell.index == index; });
    };
    CHECK(count(0) == count(1));
    CHECK(complex.ascending.size() >= 2);
    CHECK(complex.ascendingOf[7 * 21 + 4] != complex.ascendingOf[7 * 21 + 16]);
  }
}

TEST_CASE("separatrices are walks without leaps that end where they say") {
  const ScalarGrid grid = gridOf({10, 11}, noise(110, 2));
  for (const auto connectivity : kConnectivities) {
    const MorseSmale complex = morseSmale(grid, connectivity);
    for (const Separatrix& path : complex.separatrices) {
      REQUIRE(path.path.size() % 2 == 0);
      for (std::size_t i = 2; i < path.path.size(); ++i) {
        REQUIRE(std::abs(path.path[i] - path.path[i - 2]) <= 1.0);
      }
      const auto& saddle = complex.criticalCells[at(path.saddle)];
      CHECK(std::equal(saddle.position.begin(), saddle.position.end(), path.path.begin()));
      CHECK(saddle.index == 1);
      if (path.extremum >= 0) {
        const auto& end = complex.criticalCells[at(path.extremum)].position;
        CHECK(std::equal(end.begin(), end.end(), path.path.end() - 2));
      }
    }
  }
}
