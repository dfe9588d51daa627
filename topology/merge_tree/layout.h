#pragma once

#include <vector>

#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// Where the nodes of a tree stand from left to right in a drawing whose height is the value.
/// Draw arc i as a vertical line at x[i] from nodes[i] up to the height of its parent, then
/// horizontally to x[parent]: no two lines cross.
struct TreeLayout {
  std::vector<double> x;  ///< per node; branches stand at 0, 1, 2, …
  double width = 0.0;     ///< largest x
};

/// Branches stand on alternating sides of the branch they end on, those that end lower nearer to
/// it; components stand side by side.
TreeLayout layoutTree(const MergeTree& tree, const BranchDecomposition& branches);

}  // namespace tarn
