#pragma once

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

struct ContourNode {
  std::int64_t vertex = -1;
  double value = 0.0;
  std::int32_t arcsBelow = 0;  ///< 0: a minimum
  std::int32_t arcsAbove = 0;  ///< 0: a maximum
};

/// The contour tree of a grid: how the components of {f = t} appear, meet, part and vanish as t
/// grows.
struct ContourTree {
  Connectivity connectivity = Connectivity::axes2n;  ///< of its join tree
  std::vector<ContourNode> nodes;                    ///< in the order (value, id)
  std::vector<std::array<std::int32_t, 2>> arcs;     ///< {lower, upper} nodes, by lower node
  /// For every vertex the arc that it lies on; −1 for the vertex of a node.
  std::vector<std::int32_t> arcOfVertex;
};

/// Joins a join tree and a split tree of one grid (Carr, Snoeyink, Axen 2003). The two must come
/// from complexes that are dual to each other: the split tree's connectivity is dual() of the join
/// tree's. Throws Error(usage) when they are not, Error(unsupported) for a grid with masked
/// vertices (a domain with holes has no contour tree), and Error(cancelled).
ContourTree contourTree(const ScalarGrid& grid, const MergeTree& join, const MergeTree& split,
                        const std::stop_token& stop = {});

/// The same, from its own join tree (in the connectivity) and split tree (in its dual).
ContourTree contourTree(const ScalarGrid& grid, Connectivity connectivity,
                        const std::stop_token& stop = {});

}  // namespace tarn
