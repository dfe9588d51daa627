#include "topology/merge_tree/simplify.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "grids.h"
#include "topology/base/numbers.h"
#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/merge_tree/neighbourhood.h"
#include "topology/persistence/persistence.h"
#include "union_find.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::int64_t vertexOf(const MergeTree& tree, std::int32_t node) {
  return node < 0 ? -1 : tree.nodes[at(node)].vertex;
}

/// Whether the arc named by `arc`, from its node up to its parent, holds values up to `value`.
bool arcReaches(const MergeTree& tree, std::int32_t arc, double value) {
  const double sign = tree.levels == Levels::sublevel ? 1.0 : -1.0;
  const TreeNode& lower = tree.nodes[at(arc)];
  const double upper = lower.parent < 0 ? lower.value : tree.nodes[at(lower.parent)].value;
  return sign * lower.value <= sign * value && sign * value <= sign * upper;
}

void checkSimplified(const ScalarGrid& grid, const MergeTree& whole, double threshold) {
  const BranchDecomposition branches = branchDecomposition(whole);
  const MergeTree tree = Simplification(whole, branches).above(threshold).tree;

  // What persists is what persisted, and nothing else.
  const ZerothPersistence before = zerothPersistence(whole);
  const ZerothPersistence after = zerothPersistence(tree);
  std::vector<PersistencePair> expected;
  std::copy_if(before.pairs.begin(), before.pairs.end(), std::back_inserter(expected),
               [&](const PersistencePair& pair) { return pair.persistence() > threshold; });
  CHECK(after.pairs == expected);
  CHECK(after.essential == before.essential);

  // The branches that are left end where they ended, on the branches that they ended on.
  const BranchDecomposition left = branchDecomposition(tree);
  std::vector<std::int32_t> wholeMinimum(tree.minimaCount, -1);
  std::size_t next = 0;
  for (std::size_t i = 0; i < whole.minimaCount; ++i) {
    if (next < tree.minimaCount && tree.nodes[next].vertex == whole.nodes[i].vertex) {
      wholeMinimum[next++] = static_cast<std::int32_t>(i);
    } else {
      CHECK(branches.branches[i].persistence <= threshold);
    }
  }
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    REQUIRE(wholeMinimum[i] >= 0);
    const Branch& now = left.branches[i];
    const Branch& then = branches.branches[at(wholeMinimum[i])];
    CHECK(vertexOf(tree, now.top) == vertexOf(whole, then.top));
    CHECK(vertexOf(tree, now.parent) == vertexOf(whole, then.parent));
  }

  // Every vertex lies on the arc of its own level; one of a basin that was filled, on the arc of
  // the level that it was filled up to.
  for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
    const std::int32_t arc = whole.arcOfVertex[vertex];
    const std::int32_t now = tree.arcOfVertex[vertex];
    REQUIRE((arc < 0) == (now < 0));
    if (arc >= 0) {
      double level = grid.values()[vertex];
      std::int32_t branch = branches.branchOfNode[at(arc)];
      while (branches.branches[at(branch)].parent >= 0 &&
             branches.branches[at(branch)].persistence <= threshold) {
        level = whole.nodes[at(branches.branches[at(branch)].top)].value;
        branch = branches.branches[at(branch)].parent;
      }
      CHECK(arcReaches(tree, now, level));
    }
  }

  // Nodes stand in the order that MergeTree promises.
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const TreeNode& own = tree.nodes[node];
    CHECK((own.parent < 0 || own.parent > static_cast<std::int32_t>(node)));
    const std::size_t children = tree.children(static_cast<std::int32_t>(node)).size();
    CHECK((own.kind != NodeKind::saddle || children >= 2));
    CHECK((own.kind != NodeKind::root || children == 1));
  }
}

/// How many connected pieces the labels of a grid's vertices make; masked ones (−1) make none.
std::size_t countPieces(const ScalarGrid& grid, Connectivity connectivity,
                        const std::vector<std::int32_t>& labels) {
  UnionFind pieces(labels.size());
  std::size_t count = 0;
  for (const std::int32_t label : labels) {
    count += label >= 0 ? 1 : 0;
  }
  const Neighbourhood neighbourhood(grid.shape(), connectivity);
  neighbourhood.forEachVertex({}, [&](std::int64_t vertex, const NeighbourOffsets& offsets) {
    for (const std::int64_t offset : offsets.above) {
      const std::int64_t other = vertex + offset;
      if (labels[at(vertex)] >= 0 && labels[at(vertex)] == labels[at(other)]) {
        count -= pieces.join(at(vertex), at(other)) ? 1 : 0;
      }
    }
  });
  return count;
}

void checkBasins(const ScalarGrid& grid, Connectivity connectivity, double threshold) {
  const MergeTree whole = joinTree(grid, connectivity);
  const Simplification simplification(whole, branchDecomposition(whole),
                                      basins(grid, connectivity));
  const SimplifiedTree simplified = simplification.above(threshold);
  const auto& labels = simplified.basinOfVertex;
  CHECK(countPieces(grid, connectivity, labels) == simplified.tree.minimaCount);
  std::vector<std::int64_t> sizes(simplified.tree.minimaCount, 0);
  for (const std::int32_t label : labels) {
    if (label >= 0) {
      ++sizes[at(label)];
    }
  }
  CHECK(sizes == simplified.tree.basinSizes);
  for (std::size_t i = 0; i < simplified.tree.minimaCount; ++i) {
    CHECK(labels[at(simplified.tree.nodes[i].vertex)] == static_cast<std::int32_t>(i));
  }

  // A higher threshold of what is left leaves what it leaves of the whole.
  const SimplifiedTree later = simplification.above(2.0 * threshold);
  const SimplifiedTree again =
      Simplification(simplified.tree, branchDecomposition(simplified.tree), {{}, labels})
          .above(2.0 * threshold);
  CHECK(again.basinOfVertex == later.basinOfVertex);
  CHECK(again.tree.arcs() == later.tree.arcs());
  CHECK(again.tree.arcOfVertex == later.tree.arcOfVertex);
  CHECK(again.tree.childIndices == later.tree.childIndices);
  CHECK(again.tree.basinSizes == later.tree.basinSizes);
  CHECK(again.tree.spillOfMinimum == later.tree.spillOfMinimum);
}

}  // namespace

TEST_CASE("simplification drops the branches up to the threshold and no others") {
  unsigned seed = 300;
  for (const auto& shape : kShapes) {
    for (const auto connectivity : kConnectivities) {
      const std::size_t size = product(shape);
      ++seed;
      INFO(toString(connectivity) << ", " << shape.size() << "-D of " << size << ", seed " << seed);
      for (const auto& grid :
           {gridOf(shape, noise(size, seed)), gridOf(shape, steps(size, 5, seed)),
            gridOf(shape, masked(noise(size, seed), 0.3, seed + 1))}) {
        for (const double threshold : {0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 10.0}) {
          checkSimplified(grid, joinTree(grid, connectivity), threshold);
          checkSimplified(grid, splitTree(grid, connectivity), threshold);
          checkBasins(grid, connectivity, threshold);
        }
      }
    }
  }
}

TEST_CASE("at a threshold above everything one minimum is left in each component") {
  const ScalarGrid grid = gridOf({12, 14}, noise(168, 3));
  const MergeTree whole = joinTree(grid, Connectivity::axes2n);
  const SimplifiedTree simplified = Simplification(whole, branchDecomposition(whole)).above(2.0);
  CHECK(simplified.basinOfVertex.empty());
  CHECK(simplified.tree.minimaCount == 1);
  CHECK(simplified.tree.nodes.size() == 2);
  CHECK(simplified.tree.nodes[1].kind == NodeKind::root);
  CHECK(simplified.tree.basinSizes == std::vector<std::int64_t>{168});
}
