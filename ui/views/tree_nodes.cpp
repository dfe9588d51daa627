#include "ui/views/tree_nodes.h"

#include <QObject>
#include <algorithm>

namespace tarn::ui {

std::optional<std::int32_t> nodeOfVertex(const MergeTree& tree,
                                         std::optional<std::int64_t> vertex) {
  if (!vertex) {
    return std::nullopt;
  }
  const auto found = std::ranges::find(tree.nodes, *vertex, &TreeNode::vertex);
  if (found == tree.nodes.end()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(found - tree.nodes.begin());
}

std::optional<std::int32_t> nodeByKey(const MergeTree& tree, std::optional<std::int32_t> now,
                                      int key) {
  const auto count = static_cast<std::int32_t>(tree.nodes.size());
  if (count == 0) {
    return std::nullopt;
  }
  switch (key) {
    case Qt::Key_Right:
      return now ? (*now + 1) % count : 0;
    case Qt::Key_Left:
      return now ? (*now + count - 1) % count : count - 1;
    case Qt::Key_Up:
      if (now && tree.nodes[static_cast<std::size_t>(*now)].parent >= 0) {
        return tree.nodes[static_cast<std::size_t>(*now)].parent;
      }
      return std::nullopt;
    case Qt::Key_Down:
      if (now && !tree.children(*now).empty()) {
        return tree.children(*now).front();
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

QString nodeText(const TreeNode& node, const std::string& quantity) {
  const QString kind = node.kind == NodeKind::minimum   ? QObject::tr("minimum")
                       : node.kind == NodeKind::maximum ? QObject::tr("maximum")
                       : node.kind == NodeKind::saddle  ? QObject::tr("saddle")
                                                        : QObject::tr("highest point");
  return QObject::tr("%1 at vertex %2, %3 = %4")
      .arg(kind)
      .arg(node.vertex)
      .arg(QString::fromStdString(quantity))
      .arg(node.value, 0, 'g', 6);
}

}  // namespace tarn::ui
