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

using namespace tarn;
using namespace tarn::test;

namespace {

class UnionFind {
 public:
  explicit UnionFind(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) {
      i = parent_[i] = parent_[parent_[i]];
    }
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<std::size_t> parent_;
};

/// Arcs {vertex, parent vertex} of a merge tree, roots of one child left out: an arc that ends in
/// one has the parent −1.
using Arcs = std::set<std::pair<std::int64_t, std::int64_t>>;

Arcs arcsOf(const MergeTree& tree) {
  Arcs arcs;
  for (const TreeNode& node : tree.nodes) {
    if (node.kind != NodeKind::root) {
      const bool hasParent = node.parent >= 0 && tree.nodes[at(node.parent)].kind != NodeKind::root;
      arcs.emplace(node.vertex, hasParent ? tree.nodes[at(node.parent)].vertex : -1);
    }
  }
  return arcs;
}

/// The join tree (or split tree) of the contour tree itself, as a graph, by its definition.
Arcs mergeArcsOf(const ContourTree& tree, Levels levels) {
  const bool isJoin = levels == Levels::sublevel;
  const std::size_t count = tree.nodes.size();
  std::vector<std::vector<std::size_t>> before(count);
  for (const auto& [lower, upper] : tree.arcs) {
    before[at(isJoin ? upper : lower)].push_back(at(isJoin ? lower : upper));
  }
  UnionFind components(count);
  std::vector<std::int64_t> top(count, -1);
  Arcs arcs;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t node = isJoin ? i : count - 1 - i;
    std::set<std::size_t> meeting;
    for (const std::size_t neighbour : before[node]) {
      meeting.insert(components.find(neighbour));
    }
    const std::int64_t vertex = tree.nodes[node].vertex;
    std::int64_t newTop = meeting.size() == 1 ? top[*meeting.begin()] : vertex;
    for (const std::size_t component : meeting) {
      if (meeting.size() > 1) {
        arcs.emplace(top[component], vertex);
      }
      components.join(component, node);
    }
    top[components.find(node)] = newTop;
  }
  std::set<std::int64_t> tops;
  for (std::size_t node = 0; node < count; ++node) {
    tops.insert(top[components.find(node)]);
  }
  for (const std::int64_t vertex : tops) {
    arcs.emplace(vertex, -1);
  }
  return arcs;
}

void checkAgainstInputs(const ScalarGrid& grid, Connectivity connectivity) {
  const MergeTree join = joinTree(grid, connectivity);
  const MergeTree split = splitTree(grid, dual(connectivity));
  const ContourTree tree = contourTree(grid, join, split);
  REQUIRE(mergeArcsOf(tree, Levels::sublevel) == arcsOf(join));
  REQUIRE(mergeArcsOf(tree, Levels::superlevel) == arcsOf(split));
  // A forest, and every usable vertex in one place of it.
  CHECK(tree.arcs.size() + join.roots().size() == tree.nodes.size());
  std::vector<int> above(tree.nodes.size(), 0);
  std::vector<int> below(tree.nodes.size(), 0);
  for (const auto& [lower, upper] : tree.arcs) {
    CHECK(lower < upper);
    ++above[at(lower)];
    ++below[at(upper)];
  }
  std::set<std::int64_t> nodeVertices;
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    CHECK(tree.nodes[node].arcsAbove == above[node]);
    CHECK(tree.nodes[node].arcsBelow == below[node]);
    CHECK((above[node] != 1 || below[node] != 1));
    nodeVertices.insert(tree.nodes[node].vertex);
  }
  for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
    const bool usable = join.arcOfVertex[vertex] >= 0;
    const bool isNode = nodeVertices.contains(static_cast<std::int64_t>(vertex));
    REQUIRE((tree.arcOfVertex[vertex] >= 0) == (usable && !isNode));
    if (usable && !isNode) {
      const auto& [lower, upper] = tree.arcs[at(tree.arcOfVertex[vertex])];
      CHECK(tree.nodes[at(lower)].value <= grid.values()[vertex]);
      CHECK(tree.nodes[at(upper)].value >= grid.values()[vertex]);
    }
  }
}

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

TEST_CASE("the contour tree's own join and split trees are the ones it was made of") {
  unsigned seed = 900;
  for (const auto& shape : kShapes) {
    for (const auto connectivity : kConnectivities) {
      for (int repeat = 0; repeat < 4; ++repeat) {
        const std::size_t size = product(shape);
        ++seed;
        INFO(toString(connectivity)
             << ", " << shape.size() << "-D of " << size << " vertices, seed " << seed);
        checkAgainstInputs(gridOf(shape, noise(size, seed)), connectivity);
        checkAgainstInputs(gridOf(shape, steps(size, 4, seed)), connectivity);
      }
    }
  }
}

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
