#include "topology/merge_tree/merge_tree.h"

#include <algorithm>

namespace tarn {

std::span<const std::int32_t> MergeTree::children(std::int32_t node) const {
  const auto first = static_cast<std::size_t>(childOffsets[static_cast<std::size_t>(node)]);
  const auto last = static_cast<std::size_t>(childOffsets[static_cast<std::size_t>(node) + 1]);
  return std::span(childIndices).subspan(first, last - first);
}

std::vector<std::int32_t> MergeTree::roots() const {
  std::vector<std::int32_t> result;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].parent < 0) {
      result.push_back(static_cast<std::int32_t>(i));
    }
  }
  return result;
}

std::size_t MergeTree::saddleCount() const {
  return static_cast<std::size_t>(std::count_if(
      nodes.begin(), nodes.end(), [](const TreeNode& n) { return n.kind == NodeKind::saddle; }));
}

std::vector<std::array<std::int32_t, 2>> MergeTree::arcs() const {
  std::vector<std::array<std::int32_t, 2>> result;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].parent >= 0) {
      result.push_back({static_cast<std::int32_t>(i), nodes[i].parent});
    }
  }
  return result;
}

}  // namespace tarn
