#include "topology/contour_tree/contour_tree.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "grids.h"
#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/merge_tree/merge_tree.h"
#include "union_find.h"

using namespace tarn;
using namespace tarn::test;

namespace {

/// The contours of a Freudenthal-triangulated plane between two neighbouring ranks: the edges of
/// the triangles that are cut there, two of one triangle on one contour.
std::size_t contoursAt(const std::vector<double>& values, std::size_t rows, std::size_t columns,
                       double level) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> cut;
  std::vector<std::array<std::size_t, 3>> triangles;
  for (std::size_t y = 0; y + 1 < rows; ++y) {
    for (std::size_t x = 0; x + 1 < columns; ++x) {
      const std::size_t v = y * columns + x;
      triangles.push_back({v, v + 1, v + columns});
      triangles.push_back({v + 1, v + columns, v + columns + 1});
    }
  }
  std::vector<std::vector<std::size_t>> together;
  for (const auto& [a, b, c] : triangles) {
    std::vector<std::size_t> edges;
    for (const auto& edge : {std::minmax(a, b), std::minmax(a, c), std::minmax(b, c)}) {
      if ((values[edge.first] < level) != (values[edge.second] < level)) {
        edges.push_back(cut.try_emplace(edge, cut.size()).first->second);
      }
    }
    together.push_back(edges);
  }
  UnionFind contours(cut.size());
  for (const auto& edges : together) {
    if (edges.size() == 2) {
      contours.join(edges[0], edges[1]);
    }
  }
  std::set<std::size_t> distinct;
  for (std::size_t edge = 0; edge < cut.size(); ++edge) {
    distinct.insert(contours.find(edge));
  }
  return distinct.size();
}

}  // namespace

TEST_CASE("a grid with holes has no contour tree") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const ScalarGrid ring = gridOf({3, 3}, {1, 2, 3, 0, nan, 7, 4, 5, 6});
  for (const auto connectivity : kConnectivities) {
    CHECK_THROWS_AS(contourTree(ring, connectivity), Error);
  }
}

TEST_CASE("as many arcs of the contour tree cross a level as there are contours") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const std::size_t rows = 9;
    const std::size_t columns = 8;
    std::vector<double> ranks(rows * columns);
    std::iota(ranks.begin(), ranks.end(), 0.0);
    std::shuffle(ranks.begin(), ranks.end(), std::mt19937_64(seed));
    const ContourTree tree = contourTree(gridOf({rows, columns}, ranks), Connectivity::freudenthal);
    for (std::size_t rank = 0; rank + 1 < ranks.size(); ++rank) {
      const double level = static_cast<double>(rank) + 0.5;
      const auto crossing = std::count_if(tree.arcs.begin(), tree.arcs.end(), [&](const auto& arc) {
        return tree.nodes[at(arc[0])].value < level && tree.nodes[at(arc[1])].value > level;
      });
      INFO("seed " << seed << ", level " << level);
      REQUIRE(static_cast<std::size_t>(crossing) == contoursAt(ranks, rows, columns, level));
    }
  }
}

TEST_CASE("the split tree is the join tree of the negated values, ties taken the other way") {
  // Without ties the order of ids is of no account, and −f says the same directly.
  for (const auto& shape : kShapes) {
    for (const auto connectivity : kConnectivities) {
      const auto values = noise(product(shape), 77);
      auto negated = values;
      std::transform(negated.begin(), negated.end(), negated.begin(), std::negate<>());
      const MergeTree split = splitTree(gridOf(shape, values), connectivity);
      const MergeTree join = joinTree(gridOf(shape, negated), connectivity);
      REQUIRE(split.nodes.size() == join.nodes.size());
      for (std::size_t i = 0; i < split.nodes.size(); ++i) {
        CHECK(split.nodes[i].vertex == join.nodes[i].vertex);
        CHECK(split.nodes[i].value == -join.nodes[i].value);
        CHECK(split.nodes[i].parent == join.nodes[i].parent);
        CHECK((split.nodes[i].kind == NodeKind::maximum) ==
              (join.nodes[i].kind == NodeKind::minimum));
      }
      CHECK(split.arcOfVertex == join.arcOfVertex);
      CHECK(split.basinSizes == join.basinSizes);
    }
  }
}

TEST_CASE("trees of connectivities that are not dual make no contour tree") {
  const ScalarGrid grid = gridOf({6, 6}, noise(36, 5));
  const MergeTree join = joinTree(grid, Connectivity::axes2n);
  CHECK_THROWS_AS(contourTree(grid, join, splitTree(grid, Connectivity::axes2n)), Error);
}
