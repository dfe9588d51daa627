#include "ui/panels/vertex_facts.h"

#include <QLocale>
#include <QObject>
#include <cmath>

namespace tarn::ui {
namespace {

QString kindText(const MergeTree& tree, std::int32_t node) {
  const auto children = tree.children(node).size();
  switch (tree.nodes[static_cast<std::size_t>(node)].kind) {
    case NodeKind::minimum:
      return QObject::tr("minimum");
    case NodeKind::maximum:
      return QObject::tr("maximum");
    case NodeKind::saddle:
      return children > 2 ? QObject::tr("saddle, where %1 basins meet").arg(children)
                          : QObject::tr("saddle, where two basins meet");
    case NodeKind::root:
      break;
  }
  return QObject::tr("highest point");
}

void addTreeFacts(std::vector<Fact>& facts, const MergeTree& tree, std::int64_t vertex) {
  const std::int32_t arc = tree.arcOfVertex[static_cast<std::size_t>(vertex)];
  if (arc < 0) {
    return;
  }
  const TreeNode& node = tree.nodes[static_cast<std::size_t>(arc)];
  const bool isNode = node.vertex == vertex;
  facts.emplace_back(QObject::tr("Kind"), isNode ? kindText(tree, arc) : QObject::tr("regular"));
  if (isNode && static_cast<std::size_t>(arc) < tree.minimaCount) {
    facts.emplace_back(
        QObject::tr("Basin"),
        QObject::tr("%1 vertices").arg(tree.basinSizes[static_cast<std::size_t>(arc)]));
  }
  if (!isNode) {
    facts.emplace_back(QObject::tr("Arc from"), QObject::tr("vertex %1").arg(node.vertex));
  }
  if (node.parent >= 0) {
    const TreeNode& parent = tree.nodes[static_cast<std::size_t>(node.parent)];
    facts.emplace_back(
        isNode ? QObject::tr("Joins at") : QObject::tr("Arc to"),
        QObject::tr("vertex %1, %2").arg(parent.vertex).arg(numberText(parent.value)));
    if (isNode) {
      facts.emplace_back(QObject::tr("Gap"), numberText(parent.value - node.value));
    }
  }
}

}  // namespace

QString numberText(double value) {
  return std::isfinite(value) ? QString::number(value, 'g', 5) : QStringLiteral("–");
}

std::vector<Fact> vertexFacts(const ScalarGrid& grid, const MergeTree* tree, std::int64_t vertex) {
  std::vector<Fact> facts;
  if (vertex < 0 || static_cast<std::size_t>(vertex) >= grid.size()) {
    return facts;
  }
  facts.emplace_back(QObject::tr("Vertex"), QString::number(vertex));
  const auto indices = grid.indices(vertex);
  for (std::size_t axis = 0; axis < grid.dimension(); ++axis) {
    const Axis& along = grid.axes()[axis];
    const QString name = along.label.empty() ? QObject::tr("Axis %1").arg(axis + 1)
                                             : QString::fromStdString(along.label);
    facts.emplace_back(name, numberText(along.coordinates[indices[axis]]));
  }
  const double value = grid.value(vertex);
  facts.emplace_back(QObject::tr("Value"),
                     std::isfinite(value) ? numberText(value) : QObject::tr("masked"));
  if (tree != nullptr && tree->arcOfVertex.size() == grid.size()) {
    addTreeFacts(facts, *tree, vertex);
  }
  return facts;
}

}  // namespace tarn::ui
