#include "ui/scene/critical_points.h"

namespace tarn::ui {

std::vector<CriticalPoint> criticalPoints(const MergeTree* tree, std::size_t vertices) {
  std::vector<CriticalPoint> points;
  if (tree == nullptr) {
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
