#include "topology/merge_tree/merge_tree.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "topology/base/numbers.h"

namespace tarn {

const char* toString(NodeKind kind) {
  switch (kind) {
    case NodeKind::minimum:
      return "minimum";
    case NodeKind::maximum:
      return "maximum";
    case NodeKind::saddle:
      return "saddle";
    case NodeKind::root:
      return "root";
  }
  return "";
}

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

// Elder first: the eldest minimum of a subtree has the smallest index.
void linkChildren(MergeTree& tree) {
  const std::size_t count = tree.nodes.size();
  std::vector<std::int32_t> eldest(count, std::numeric_limits<std::int32_t>::max());
  tree.childOffsets.assign(count + 1, 0);
  for (std::size_t node = 0; node < count; ++node) {
    if (node < tree.minimaCount) {
      eldest[node] = static_cast<std::int32_t>(node);
    }
    const std::int32_t parent = tree.nodes[node].parent;
    if (parent >= 0) {
      eldest[at(parent)] = std::min(eldest[at(parent)], eldest[node]);
      ++tree.childOffsets[at(parent) + 1];
    }
  }
  for (std::size_t node = 0; node < count; ++node) {
    tree.childOffsets[node + 1] += tree.childOffsets[node];
  }
  tree.childIndices.resize(at(tree.childOffsets[count]));
  auto fill = tree.childOffsets;
  for (std::size_t node = 0; node < count; ++node) {
    if (tree.nodes[node].parent >= 0) {
      tree.childIndices[at(fill[at(tree.nodes[node].parent)]++)] = static_cast<std::int32_t>(node);
    }
  }
  for (std::size_t node = tree.minimaCount; node < count; ++node) {
    std::sort(tree.childIndices.begin() + tree.childOffsets[node],
              tree.childIndices.begin() + tree.childOffsets[node + 1],
              [&](std::int32_t a, std::int32_t b) { return eldest[at(a)] < eldest[at(b)]; });
  }
}

}  // namespace tarn
