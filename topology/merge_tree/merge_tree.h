#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"

namespace tarn {

/// Which level sets a tree follows.
enum class Levels {
  sublevel,    ///< {f ≤ t} as t grows: the join tree, its leaves the minima
  superlevel,  ///< {f ≥ t} as t falls: the split tree, its leaves the maxima
};

enum class NodeKind {
  minimum,  ///< a leaf of a join tree
  maximum,  ///< a leaf of a split tree
  saddle,   ///< two or more children: components meet here
  root,     ///< the last vertex of its component, with one child
};

/// "minimum", "maximum", "saddle" or "root".
const char* toString(NodeKind kind);

struct TreeNode {
  std::int64_t vertex = -1;
  double value = 0.0;
  std::int32_t parent = -1;  ///< −1: the top of its component
  NodeKind kind = NodeKind::minimum;
};

/// The join tree of a grid: how the components of {f ≤ t} appear and meet as t grows.
///
/// Order everywhere: (value, vertex id). nodes holds the minima, then the saddles, then the roots,
/// each group lowest first: a parent's index is always larger than its children's, and among the
/// minima a smaller index is the elder. Where k > 2 components meet there is one node with k
/// children. Masked vertices may split the grid: the tree is then a forest with several tops.
///
/// An arc is named by the node at its lower end: arc i runs from nodes[i] to its parent. A top that
/// joins components itself has kind saddle; one that is a component of its own, kind minimum.
///
/// A split tree is the same of the superlevel sets, with the order reversed throughout: for "lower"
/// read higher, for "minimum" maximum; the leaves are the maxima, highest first.
struct MergeTree {
  Levels levels = Levels::sublevel;
  Connectivity connectivity = Connectivity::axes2n;
  std::vector<TreeNode> nodes;
  std::size_t minimaCount = 0;

  /// The children of node i are childIndices[childOffsets[i]] … [childOffsets[i + 1] − 1], elder
  /// component first. Use children().
  std::vector<std::int32_t> childOffsets;
  std::vector<std::int32_t> childIndices;

  /// For every vertex the arc that it lies on: the node itself for the vertex of a node, the arc
  /// through its component for a regular vertex, −1 for a masked one.
  std::vector<std::int32_t> arcOfVertex;

  /// For every minimum, the saddle where its component meets an elder one; −1 for the eldest of
  /// all.
  std::vector<std::int32_t> deathOfMinimum;

  /// For every minimum, the one into whose basin its component overflows at that saddle: the basin
  /// that the saddle flows to or, where that is the component's own, that of the saddle's lowest
  /// neighbour in the elder component. −1 for the eldest of all.
  std::vector<std::int32_t> spillOfMinimum;

  /// For every minimum, how many vertices flow to it when each flows to its lowest neighbour.
  std::vector<std::int64_t> basinSizes;

  std::span<const std::int32_t> children(std::int32_t node) const;
  /// The nodes without a parent, in order.
  std::vector<std::int32_t> roots() const;
  /// How many nodes have two or more children.
  std::size_t saddleCount() const;
  /// Pairs {lower node, upper node}, by lower node.
  std::vector<std::array<std::int32_t, 2>> arcs() const;
};

/// Fills childOffsets and childIndices from the parents of the nodes.
void linkChildren(MergeTree& tree);

/// Computes the join tree. Equal to a sweep over all vertices in order with union-find; done by
/// first letting every vertex flow to its lowest neighbour, so that only vertices between basins
/// have to be sorted and swept (about 10⁷ vertices a second on one core).
///
/// Throws Error(cancelled) when the stop token says so, Error(unsupported) for more than 2³¹−2
/// vertices.
MergeTree joinTree(const ScalarGrid& grid, Connectivity connectivity,
                   const std::stop_token& stop = {});

/// The split tree, in the same time, with a second copy of the values. Throws as joinTree does.
MergeTree splitTree(const ScalarGrid& grid, Connectivity connectivity,
                    const std::stop_token& stop = {});

}  // namespace tarn
