#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <stop_token>

#include "grids.h"
#include "reference_sweep.h"
#include "topology/base/error.h"
#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/persistence.h"
#include "topology/smad/smad.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::vector<std::int64_t> vertices(const MergeTree& tree, NodeKind kind) {
  std::vector<std::int64_t> result;
  for (const TreeNode& node : tree.nodes) {
    if (node.kind == kind) {
      result.push_back(node.vertex);
    }
  }
  return result;
}

void checkAgainstDefinition(const ScalarGrid& grid, Connectivity connectivity) {
  const MergeTree tree = joinTree(grid, connectivity);
  const ReferenceTree reference = referenceTree(grid, connectivity);

  REQUIRE(vertices(tree, NodeKind::minimum) == reference.minima);
  REQUIRE(tree.minimaCount == reference.minima.size());
  std::vector<std::int64_t> saddles;
  for (const auto& saddle : reference.saddles) {
    saddles.push_back(saddle.vertex);
  }
  REQUIRE(vertices(tree, NodeKind::saddle) == saddles);
  REQUIRE(tree.saddleCount() == saddles.size());

  std::vector<std::int64_t> tops;
  for (const std::int32_t root : tree.roots()) {
    tops.push_back(tree.nodes[static_cast<std::size_t>(root)].vertex);
  }
  auto expectedTops = reference.tops;
  std::sort(tops.begin(), tops.end());
  std::sort(expectedTops.begin(), expectedTops.end());
  CHECK(tops == expectedTops);

  for (std::size_t k = 0; k < reference.saddles.size(); ++k) {
    const auto node = static_cast<std::int32_t>(tree.minimaCount + k);
    std::vector<std::int64_t> below;
    for (const std::int32_t child : tree.children(node)) {
      below.push_back(tree.nodes[static_cast<std::size_t>(child)].vertex);
      CHECK(tree.nodes[static_cast<std::size_t>(child)].parent == node);
    }
    std::sort(below.begin(), below.end());
    CHECK(below == reference.saddles[k].below);
  }

  std::vector<std::int64_t> arcs;
  for (const std::int32_t arc : tree.arcOfVertex) {
    arcs.push_back(arc < 0 ? -1 : tree.nodes[static_cast<std::size_t>(arc)].vertex);
  }
  CHECK(arcs == reference.arcOf);

  const Basins own = basins(grid, connectivity);
  CHECK(own.minima == reference.minima);
  std::vector<std::int64_t> sizes(own.minima.size(), 0);
  std::vector<std::int64_t> flowsTo;
  for (const std::int32_t basin : own.basinOfVertex) {
    flowsTo.push_back(basin < 0 ? -1 : own.minima[static_cast<std::size_t>(basin)]);
    if (basin >= 0) {
      ++sizes[static_cast<std::size_t>(basin)];
    }
  }
  CHECK(flowsTo == reference.basinOf);
  CHECK(tree.basinSizes == sizes);
}

ScalarGrid tiltedPlane(const std::vector<std::size_t>& shape) {
  std::vector<double> values(product(shape));
  for (std::size_t id = 0; id < values.size(); ++id) {
    std::size_t rest = id;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      values[id] +=
          (1.0 + 0.3 * static_cast<double>(axis)) * static_cast<double>(rest % shape[axis]);
      rest /= shape[axis];
    }
  }
  return gridOf(shape, values);
}

}  // namespace

TEST_CASE("the join tree is the one of its definition") {
  unsigned seed = 0;
  for (const auto& shape : kShapes) {
    for (const auto connectivity : kConnectivities) {
      for (int repeat = 0; repeat < 4; ++repeat) {
        const std::size_t size = product(shape);
        ++seed;
        INFO(toString(connectivity)
             << ", " << shape.size() << "-D of " << size << " vertices, seed " << seed);
        checkAgainstDefinition(gridOf(shape, noise(size, seed)), connectivity);
        checkAgainstDefinition(gridOf(shape, steps(size, 4, seed)), connectivity);
        checkAgainstDefinition(gridOf(shape, masked(noise(size, seed), 0.4, seed + 1)),
                               connectivity);
        checkAgainstDefinition(gridOf(shape, masked(steps(size, 3, seed), 0.3, seed + 1)),
                               connectivity);
      }
    }
  }
}

TEST_CASE("a wall of masked cells makes a forest of the trees of both sides") {
  constexpr double kWall = std::numeric_limits<double>::quiet_NaN();
  // Left of the wall minima 1 and 2 meet at 5; right of it there is one minimum.
  const auto grid = gridOf({1, 6}, {1.0, 5.0, 2.0, kWall, 4.0, 3.0});
  for (const auto connectivity : kConnectivities) {
    const auto tree = joinTree(grid, connectivity);
    REQUIRE(tree.nodes.size() == 5);
    CHECK(tree.roots() == std::vector<std::int32_t>{3, 4});
    CHECK(tree.nodes[3].kind == NodeKind::saddle);
    CHECK(tree.nodes[3].vertex == 1);
    CHECK(tree.nodes[4].kind == NodeKind::root);
    CHECK(tree.nodes[4].vertex == 4);
    CHECK(tree.arcOfVertex == std::vector<std::int32_t>{0, 3, 1, -1, 4, 2});
  }
}

TEST_CASE("three components that meet at one vertex make one node with three children") {
  // A plus-shaped pass in the middle of a 3 × 3 grid, walls in the corners.
  const auto grid = gridOf({3, 3}, {9, 1, 9, 2, 5, 3, 9, 8, 9});
  const auto tree = joinTree(grid, Connectivity::axes2n);
  REQUIRE(tree.minimaCount == 3);
  CHECK(tree.saddleCount() == 1);
  CHECK(tree.nodes[3].vertex == 4);
  CHECK(tree.children(3).size() == 3);
  const auto pairs = zerothPersistence(tree);
  REQUIRE(pairs.pairs.size() == 2);
  CHECK(pairs.pairs[0] == PersistencePair{3, 4, 2.0, 5.0});
  CHECK(pairs.pairs[1] == PersistencePair{5, 4, 3.0, 5.0});
  // Gaps 4, 3, 2; basins by flow: 1 ← itself, both upper corners and the middle; 2 ← itself and the
  // lower left corner and 8; 3 ← itself and the lower right corner. No elder rule.
  const Smad result = smad(tree);
  CHECK(result.pairs == 3);
  CHECK_THAT(result.plain, Catch::Matchers::WithinRel(3.0));
  CHECK_THAT(result.normalized, Catch::Matchers::WithinRel(3.0 / 8.0));
}

TEST_CASE("a convex plateau has one minimum however large") {
  for (const auto& shape : std::vector<std::vector<std::size_t>>{{30}, {12, 15}, {6, 5, 7}}) {
    for (const auto connectivity : kConnectivities) {
      const auto constant =
          joinTree(gridOf(shape, std::vector<double>(product(shape), 2.5)), connectivity);
      CHECK(constant.minimaCount == 1);
      auto saturated = tiltedPlane(shape);
      std::vector<double> values(saturated.values().begin(), saturated.values().end());
      for (double& value : values) {
        value = std::clamp(value, 4.0, 9.0);
      }
      CHECK(joinTree(gridOf(shape, values), connectivity).minimaCount == 1);
    }
  }
}

TEST_CASE("a grid without a usable value has an empty tree and an undefined SMAD") {
  const auto tree =
      joinTree(gridOf({2, 3}, std::vector<double>(6, std::numeric_limits<double>::infinity())),
               Connectivity::axes2n);
  CHECK(tree.nodes.empty());
  CHECK(tree.arcOfVertex == std::vector<std::int32_t>(6, -1));
  CHECK(std::isnan(smad(tree).plain));
  CHECK(zerothPersistence(tree).essential.empty());
}

TEST_CASE("a computation that is to stop stops") {
  std::stop_source stop;
  stop.request_stop();
  try {
    joinTree(gridOf({50, 50}, noise(2500, 1)), Connectivity::axes2n, stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::cancelled);
  }
}

TEST_CASE("connectivities are read by their names") {
  for (const auto connectivity : kConnectivities) {
    CHECK(connectivityFromString(toString(connectivity)) == connectivity);
  }
  CHECK_THROWS_AS(connectivityFromString("8"), Error);
}

TEST_CASE("a connectivity with too many neighbours is refused, 2n never is") {
  const std::vector<std::size_t> shape(12, 2);
  const auto grid = gridOf(shape, noise(product(shape), 1));
  CHECK(joinTree(grid, Connectivity::axes2n).minimaCount > 1);
  try {
    joinTree(grid, Connectivity::full);  // 3¹² − 1 neighbours
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unsupported);
  }
}
