#include "topology/analysis/basin_metrics.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "grids.h"
#include "topology/base/error.h"
#include "topology/merge_tree/merge_tree.h"

using namespace tarn;
using namespace tarn::test;

// Two basins, {0, 1} around 0 and {3, 4} around 1; the pass at vertex 2 flows to the lower of its
// neighbours 5 and 4.
TEST_CASE("a quantity is measured in each basin") {
  const auto landscape = gridOf({5}, {0, 5, 9, 4, 1});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto found = basinMetrics(landscape, basins(landscape, Connectivity::axes2n),
                                  gridOf({5}, {0.9, 0.7, 0.2, nan, 0.4}));
  REQUIRE(found.size() == 2);
  CHECK(found[0].minimum == 0);
  CHECK(found[0].vertices == 2);
  CHECK(found[0].mean == (0.9 + 0.7) / 2);
  CHECK(found[0].atMinimum == 0.9);
  CHECK(found[1].minimum == 4);
  CHECK(found[1].value == 1.0);
  CHECK(found[1].vertices == 3);
  CHECK(found[1].measured == 2);
  CHECK(found[1].lowest == 0.2);
  CHECK(found[1].highest == 0.4);
  const auto nothing = basinMetrics(landscape, basins(landscape, Connectivity::axes2n),
                                    gridOf({5}, std::vector<double>(5, nan)));
  CHECK(std::isnan(nothing[0].mean));
  CHECK(std::isnan(nothing[0].atMinimum));
  CHECK(std::isnan(nothing[1].highest));
  CHECK_THROWS_AS(
      basinMetrics(landscape, basins(landscape, Connectivity::axes2n), gridOf({4}, {1, 2, 3, 4})),
      Error);
}

TEST_CASE("basins are those that SMAD is weighted with") {
  const auto landscape = gridOf({20, 20}, masked(noise(400, 11), 0.1, 2));
  const auto tree = joinTree(landscape, Connectivity::full);
  const auto found = basinMetrics(landscape, basins(landscape, Connectivity::full), landscape);
  REQUIRE(found.size() == tree.minimaCount);
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].vertices == tree.basinSizes[i]);
    CHECK(found[i].lowest == tree.nodes[i].value);
  }
}
