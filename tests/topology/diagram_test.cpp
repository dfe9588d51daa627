#include "topology/persistence/diagram.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <limits>
#include <vector>

#include "euler_characteristic.h"
#include "grids.h"
#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/freudenthal.h"
#include "topology/persistence/persistence.h"

using namespace tarn;
using namespace tarn::test;

namespace {

int alternatingBettiSum(const PersistenceDiagram& diagram, double level) {
  int result = 0;
  for (const auto& interval : diagram.intervals) {
    if (interval.birth <= level && level < interval.death) {
      result += interval.degree % 2 == 0 ? 1 : -1;
    }
  }
  return result;
}

/// The grid with a ring of one value around it.
ScalarGrid padded(const ScalarGrid& grid, double value) {
  const std::size_t rows = grid.shape()[0] + 2;
  const std::size_t columns = grid.shape()[1] + 2;
  std::vector<double> values(rows * columns, value);
  for (std::size_t y = 0; y + 2 < rows; ++y) {
    for (std::size_t x = 0; x + 2 < columns; ++x) {
      values[(y + 1) * columns + x + 1] = grid.values()[y * (columns - 2) + x];
    }
  }
  return gridOf({rows, columns}, values);
}

}  // namespace

TEST_CASE("the Betti numbers of a sublevel set add up to its Euler characteristic") {
  unsigned seed = 500;
  const std::vector<std::vector<std::size_t>> shapes{{9},       {6, 7},    {1, 8},
                                                     {4, 3, 5}, {2, 5, 2}, {3, 2, 3, 2}};
  for (const auto& shape : shapes) {
    for (const auto connectivity : kConnectivities) {
      for (int repeat = 0; repeat < 3; ++repeat) {
        const std::size_t size = product(shape);
        ++seed;
        INFO(toString(connectivity) << ", " << shape.size() << "-D, seed " << seed);
        for (const auto& values : {noise(size, seed), steps(size, 5, seed)}) {
          const ScalarGrid grid = gridOf(shape, values);
          const PersistenceDiagram diagram = persistenceDiagram(grid, connectivity);
          for (const double level : values) {
            REQUIRE(alternatingBettiSum(diagram, level) ==
                    eulerCharacteristic(grid, connectivity, level));
          }
        }
      }
    }
  }
}

TEST_CASE("a ring around a hill is one loop, born where it closes, dead at the top") {
  // A crater wall of height 1 … 2 around a summit of 9 in a plain of 5.
  const ScalarGrid grid = gridOf({5, 5}, {5.0, 5.1, 5.2, 5.3, 5.4,  //
                                          5.5, 1.0, 1.1, 1.2, 5.6,  //
                                          5.7, 1.3, 9.0, 2.0, 5.8,  //
                                          5.9, 1.4, 1.5, 1.6, 6.0,  //
                                          6.1, 6.2, 6.3, 6.4, 6.5});
  for (const auto connectivity : {Connectivity::axes2n, Connectivity::freudenthal}) {
    const auto intervals = persistenceDiagram(grid, connectivity).intervals;
    std::vector<PersistenceInterval> loops;
    std::ranges::copy_if(intervals, std::back_inserter(loops),
                         [](const auto& interval) { return interval.degree == 1; });
    CHECK(loops == std::vector<PersistenceInterval>{{1, 13, 12, 2.0, 9.0}});
  }
}

TEST_CASE("loops of the sublevel sets are components of the dual superlevel sets") {
  // Alexander duality in the plane; the ring stands for the rest of the plane, higher than all.
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const std::vector<std::size_t> shape{7 + seed % 3, 8};
    for (const auto connectivity : kConnectivities) {
      const ScalarGrid grid = gridOf(shape, noise(product(shape), seed));
      const auto split = zerothPersistence(splitTree(padded(grid, 10.0), dual(connectivity)));
      std::vector<std::pair<double, double>> expected;
      for (const PersistencePair& pair : split.pairs) {
        expected.emplace_back(pair.death, pair.birth);
      }
      std::vector<std::pair<double, double>> loops;
      for (const auto& interval : persistenceDiagram(grid, connectivity).intervals) {
        if (interval.degree == 1) {
          CHECK_FALSE(interval.isEssential());
          loops.emplace_back(interval.birth, interval.death);
        }
      }
      std::ranges::sort(expected);
      std::ranges::sort(loops);
      INFO(toString(connectivity) << ", seed " << seed);
      CHECK(loops == expected);
    }
  }
}

TEST_CASE("superlevel persistence is the sublevel persistence of the negated values") {
  for (const auto& shape : std::vector<std::vector<std::size_t>>{{11}, {6, 5}, {3, 4, 3}}) {
    for (const auto connectivity : kConnectivities) {
      const auto values = noise(product(shape), 21);
      auto negated = values;
      std::ranges::transform(negated, negated.begin(), std::negate<>());
      const auto above =
          persistenceDiagram(gridOf(shape, values), connectivity, Levels::superlevel).intervals;
      const auto below = persistenceDiagram(gridOf(shape, negated), connectivity).intervals;
      REQUIRE(above.size() == below.size());
      for (std::size_t i = 0; i < above.size(); ++i) {
        CHECK(above[i].degree == below[i].degree);
        CHECK(above[i].birthVertex == below[i].birthVertex);
        CHECK(above[i].deathVertex == below[i].deathVertex);
        CHECK(above[i].birth == -below[i].birth);
        CHECK(above[i].death == -below[i].death);
      }
    }
  }
}

TEST_CASE("a hole of masked vertices is a loop that never dies") {
  auto values = noise(49, 4);
  values[24] = std::numeric_limits<double>::quiet_NaN();
  for (const auto connectivity : kConnectivities) {
    const auto intervals = persistenceDiagram(gridOf({7, 7}, values), connectivity).intervals;
    CHECK(std::ranges::count_if(intervals, [](const auto& interval) {
            return interval.degree == 1 && interval.isEssential();
          }) == 1);
    for (const auto& interval : intervals) {
      CHECK(interval.birthVertex != 24);
      CHECK(interval.deathVertex != 24);
    }
  }
}

TEST_CASE("the triangulation has as many simplices as it must") {
  // A k-simplex at a vertex of an n-cube is a chain of k steps: surjections of axes onto steps.
  std::vector<std::size_t> byDimension(4, 0);
  FreudenthalSimplices({3, 4, 5}, 3).forEach([&](std::span<const std::int64_t> simplex) {
    ++byDimension[simplex.size() - 1];
  });
  CHECK(byDimension[0] == 60);
  CHECK(byDimension[3] == 6 * 2 * 3 * 4);  // 3! in each cube
  // χ of a solid block is 1.
  CHECK(byDimension[0] + byDimension[2] == byDimension[1] + byDimension[3] + 1);
}
