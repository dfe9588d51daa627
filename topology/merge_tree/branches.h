#pragma once

#include <cstdint>
#include <vector>

#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// A path of the tree from a minimum up to the saddle where an elder component takes over (or to
/// the top). Branch i starts at minimum i of the tree; the elder of two components has the lower
/// minimum in (value, id).
struct Branch {
  std::int32_t minimum = -1;  ///< node at the lower end
  std::int32_t top = -1;      ///< node where it ends; it lies on the parent branch (or is a root)
  std::int32_t parent = -1;   ///< the branch it ends on; −1 for the branch of a whole component
  double persistence = 0.0;   ///< |f(top) − f(minimum)|
};

struct BranchDecomposition {
  std::vector<Branch> branches;            ///< one a minimum, in the order of the minima
  std::vector<std::int32_t> branchOfNode;  ///< for every node the branch that runs through it
};

/// Branch decomposition by persistence (Pascucci, Cole-McLaughlin, Scorzelli 2004).
BranchDecomposition branchDecomposition(const MergeTree& tree);

}  // namespace tarn
