#pragma once

#include <cstdint>
#include <vector>

#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// A merge tree without its branches of low persistence: the tree of the landscape whose shallow
/// basins are filled up to the saddle where they spill into an elder one.
struct SimplifiedTree {
  MergeTree tree;                         ///< arcOfVertex is of the whole grid, as always
  std::vector<std::int32_t> nodeOrBelow;  ///< per node of the whole tree: it, or the one below it
  std::vector<std::int32_t> minimumOf;    ///< per minimum of the whole tree: the one it drains into
};

/// Keeps the branches whose persistence is above the threshold, and those of whole components.
/// Linear in nodes and vertices, so that a threshold can be dragged. Source: branch decomposition
/// by persistence (Pascucci, Cole-McLaughlin, Scorzelli 2004); a branch never outlives its parent,
/// so what is dropped is dropped with all that hangs on it. A dropped minimum drains along
/// MergeTree::spillOfMinimum, so that every basin that is left is connected.
SimplifiedTree simplify(const MergeTree& tree, const BranchDecomposition& branches,
                        double threshold);

/// The basins of a landscape (basins.h), those of the dropped minima given to the minima that they
/// drain into: an index into the simplified tree's minima per vertex, −1 for a masked one.
std::vector<std::int32_t> simplifiedBasins(const Basins& basins, const SimplifiedTree& simplified);

}  // namespace tarn
