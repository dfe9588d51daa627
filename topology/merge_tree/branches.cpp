#include "topology/merge_tree/branches.h"

#include <cmath>
#include <cstddef>

namespace tarn {

BranchDecomposition branchDecomposition(const MergeTree& tree) {
  BranchDecomposition result;
  result.branches.resize(tree.minimaCount);
  result.branchOfNode.resize(tree.nodes.size());
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    result.branches[i].minimum = static_cast<std::int32_t>(i);
  }
  // Children come before parents, and the first child of a node is the elder.
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const auto node = static_cast<std::int32_t>(i);
    const auto children = tree.children(node);
    const std::int32_t own =
        children.empty() ? node : result.branchOfNode[static_cast<std::size_t>(children[0])];
    result.branchOfNode[i] = own;
    result.branches[static_cast<std::size_t>(own)].top = node;
    for (std::size_t k = 1; k < children.size(); ++k) {
      const auto ending = result.branchOfNode[static_cast<std::size_t>(children[k])];
      result.branches[static_cast<std::size_t>(ending)].top = node;
      result.branches[static_cast<std::size_t>(ending)].parent = own;
    }
  }
  for (Branch& branch : result.branches) {
    branch.persistence = std::abs(tree.nodes[static_cast<std::size_t>(branch.top)].value -
                                  tree.nodes[static_cast<std::size_t>(branch.minimum)].value);
  }
  return result;
}

}  // namespace tarn
