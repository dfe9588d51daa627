#include "topology/contour_tree/contour_tree.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <string>

#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/base/stop.h"
#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/order.h"

namespace tarn {
namespace {

constexpr std::size_t kStopEvery = std::size_t{1} << 18U;

/// A merge tree with a node for every vertex of the grid, as the merge of two trees takes it apart.
class AugmentedTree {
 public:
  /// `order` lists the vertices in the order of the tree's sweep.
  template <typename Order>
  AugmentedTree(const MergeTree& tree, const Order& order)
      : parent_(tree.arcOfVertex.size(), -1), children_(tree.arcOfVertex.size(), 0) {
    std::vector<std::int32_t> latest(tree.nodes.size(), -1);
    for (const std::int32_t vertex : order) {
      const std::int32_t arc = tree.arcOfVertex[at(vertex)];
      if (tree.nodes[at(arc)].vertex == vertex) {
        for (const std::int32_t child : tree.children(arc)) {
          link(latest[at(child)], vertex);
        }
      } else {
        link(latest[at(arc)], vertex);
      }
      latest[at(arc)] = vertex;
    }
  }

  std::int32_t children(std::int32_t vertex) const { return children_[at(vertex)]; }
  void loseChild(std::int32_t vertex) { --children_[at(vertex)]; }

  /// The nearest ancestor that is still there; −1 at the top.
  std::int32_t parent(std::int32_t vertex, const std::vector<bool>& gone) {
    std::int32_t ancestor = parent_[at(vertex)];
    while (ancestor >= 0 && gone[at(ancestor)]) {
      parent_[at(vertex)] = parent_[at(ancestor)];
      vertex = ancestor;
      ancestor = parent_[at(vertex)];
    }
    return ancestor;
  }

 private:
  void link(std::int32_t child, std::int32_t parent) {
    parent_[at(child)] = parent;
    ++children_[at(parent)];
  }

  std::vector<std::int32_t> parent_;
  std::vector<std::int32_t> children_;
};

/// Takes leaves off the two augmented trees, one at a time, until nothing is left. What a leaf
/// hangs on in the tree that it is a leaf of is an edge of the contour tree.
class Merge {
 public:
  Merge(const MaskedValues& values, const MergeTree& join, const MergeTree& split,
        const std::vector<std::int32_t>& order)
      : values_(values),
        order_(order),
        join_(join, order),
        split_(split, std::views::reverse(order)),
        nodeOf_(join.arcOfVertex.size(), -1),
        above_(join.arcOfVertex.size(), -1) {}

  void run(ContourTree& tree, const std::stop_token& stop) {
    addNodes(tree);
    takeLeaves(stop);
    walkArcs(tree);
  }

 private:
  struct Edge {
    std::int32_t lower;
    std::int32_t upper;
  };

  /// The degrees of a vertex in the contour tree are known before it is built.
  void addNodes(ContourTree& tree) {
    for (const std::int32_t vertex : order_) {
      const std::int32_t below = join_.children(vertex);
      const std::int32_t above = split_.children(vertex);
      if (below != 1 || above != 1) {
        nodeOf_[at(vertex)] = static_cast<std::int32_t>(tree.nodes.size());
        tree.nodes.push_back({vertex, values_[vertex], below, above});
      }
    }
  }

  bool isLeaf(std::int32_t vertex) const {
    return join_.children(vertex) + split_.children(vertex) == 1;
  }

  void takeLeaves(const std::stop_token& stop) {
    std::vector<bool> gone(nodeOf_.size(), false);
    std::vector<std::int32_t> leaves;
    std::copy_if(order_.begin(), order_.end(), std::back_inserter(leaves),
                 [&](std::int32_t vertex) { return isLeaf(vertex); });
    for (std::size_t taken = 0; !leaves.empty(); ++taken) {
      if (taken % kStopEvery == 0) {
        throwIfStopped(stop, "the contour tree");
      }
      const std::int32_t leaf = leaves.back();
      leaves.pop_back();
      if (!isLeaf(leaf)) {
        continue;  // the last vertex of its component
      }
      const bool isUpper = split_.children(leaf) == 0;
      AugmentedTree& own = isUpper ? split_ : join_;
      const std::int32_t next = own.parent(leaf, gone);
      addEdge(isUpper ? Edge{next, leaf} : Edge{leaf, next});
      gone[at(leaf)] = true;
      own.loseChild(next);
      if (isLeaf(next)) {
        leaves.push_back(next);
      }
    }
  }

  void addEdge(Edge edge) {
    if (nodeOf_[at(edge.lower)] < 0) {
      above_[at(edge.lower)] = edge.upper;
    } else {
      starts_.push_back(edge);
    }
  }

  void walkArcs(ContourTree& tree) {
    std::sort(starts_.begin(), starts_.end(), [&](const Edge& a, const Edge& b) {
      return a.lower != b.lower ? values_.before(a.lower, b.lower)
                                : values_.before(a.upper, b.upper);
    });
    tree.arcOfVertex.assign(nodeOf_.size(), -1);
    for (const Edge& start : starts_) {
      const auto arc = static_cast<std::int32_t>(tree.arcs.size());
      std::int32_t vertex = start.upper;
      for (; nodeOf_[at(vertex)] < 0; vertex = above_[at(vertex)]) {
        tree.arcOfVertex[at(vertex)] = arc;
      }
      tree.arcs.push_back({nodeOf_[at(start.lower)], nodeOf_[at(vertex)]});
    }
  }

  const MaskedValues& values_;
  const std::vector<std::int32_t>& order_;
  AugmentedTree join_;
  AugmentedTree split_;
  std::vector<std::int32_t> nodeOf_;  ///< per vertex: its node; −1 for a regular one
  std::vector<std::int32_t> above_;   ///< per regular vertex: the next one up
  std::vector<Edge> starts_;          ///< the edges that go up from nodes
};

}  // namespace

ContourTree contourTree(const ScalarGrid& grid, const MergeTree& join, const MergeTree& split,
                        const std::stop_token& stop) {
  if (join.levels != Levels::sublevel || split.levels != Levels::superlevel ||
      split.connectivity != dual(join.connectivity)) {
    throw Error(ErrorCode::usage,
                "A contour tree needs a join tree and the split tree of the dual connectivity.");
  }
  if (grid.maskedCount() > 0) {
    throw Error(
        ErrorCode::unsupported,
        std::to_string(grid.maskedCount()) +
            " values of the grid are not finite: around the holes that they leave, contours "
            "can part and meet again, which makes a graph with loops and no tree.",
        "Sample the missing points, or cut the grid down to a part without holes.");
  }
  const MaskedValues values(grid);
  ContourTree tree;
  tree.connectivity = join.connectivity;
  const auto order = sortedOrder(values.span(), stop);
  Merge(values, join, split, order).run(tree, stop);
  return tree;
}

ContourTree contourTree(const ScalarGrid& grid, Connectivity connectivity,
                        const std::stop_token& stop) {
  return contourTree(grid, joinTree(grid, connectivity, stop),
                     splitTree(grid, dual(connectivity), stop), stop);
}

}  // namespace tarn
