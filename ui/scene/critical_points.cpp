#include "ui/scene/critical_points.h"

#include <algorithm>

namespace tarn::ui {

bool isConstant(const MergeTree& tree) {
  return !tree.nodes.empty() && std::ranges::all_of(tree.nodes, [&](const TreeNode& node) {
    return node.value == tree.nodes.front().value;
  });
}

std::vector<CriticalPoint> criticalPoints(const MergeTree* tree, std::size_t vertices) {
  std::vector<CriticalPoint> points;
  if (tree == nullptr || isConstant(*tree)) {
    return points;
  }
  for (const TreeNode& node : tree->nodes) {
    const bool onGrid = node.vertex >= 0 && static_cast<std::size_t>(node.vertex) < vertices;
    if (onGrid && node.kind != NodeKind::root) {
      points.push_back({node.vertex, node.kind == NodeKind::minimum});
    }
  }
  return points;
}

}  // namespace tarn::ui
