#include "ui/views/tree_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>

#include "ui/actions/action.h"

namespace tarn::ui {

TreeStyle treeStyle(const LandscapeStyle& style, const ShownLandscape& shown) {
  TreeStyle tree;
  tree.theme = style.theme;
  tree.height = style.height;
  tree.colourMap = style.colourMap;
  tree.title = style.title;
  tree.quantity = shown.landscape.quantity;
  if (shown.analysis) {
    tree.smad = shown.analysis->smad.plain;
  }
  return tree;
}

TreeView::TreeView(QWidget* parent) : PaintedView(parent) {
  describe(this, "treeView", tr("Merge tree"),
           tr("How basins join as the loss grows. Click a minimum or a saddle to see where it is"));
  setToolTip({});
}

void TreeView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  hasLandscape_ = shown.landscape.grid != nullptr;
  selection_ = shown.landscape.selection;
  const TreeStyle wanted = treeStyle(style, shown);
  const bool same = shown.landscape.tree == tree_ && wanted == style_;
  tree_ = shown.landscape.tree;
  style_ = wanted;
  if (!tree_) {
    figure_.reset();
    redraw();
  } else if (!same) {
    builder_.run(
        this, [tree = tree_, wanted] { return std::make_shared<TreeFigure>(tree, wanted); },
        [this](std::shared_ptr<TreeFigure> figure) {
          if (tree_) {
            figure_ = std::move(figure);
            figure_->select(selection_);
            figure_->setTextSize(fontInfo().pixelSize());
            redraw();
          }
        });
  }
}

void TreeView::showSelection(std::optional<std::int64_t> vertex) {
  selection_ = vertex;
  if (figure_) {
    figure_->select(vertex);
    redraw();
  }
}

std::optional<QPointF> TreeView::nodePosition(std::int32_t node) const {
  return figure_ ? std::optional(figure_->nodePosition(area(), node)) : std::nullopt;
}

void TreeView::draw(QPainter& painter, const QRectF& area) {
  figure_->paint(painter, area);
}

QString TreeView::emptyText() const {
  if (!hasLandscape_) {
    return tr("No landscape is shown");
  }
  if (!tree_ || !figure_) {
    return tr("Computing the merge tree…");
  }
  return tree_->nodes.empty() ? tr("Every value of this landscape is masked.") : QString();
}

std::optional<std::int32_t> TreeView::selectedNode() const {
  if (!tree_ || !selection_) {
    return std::nullopt;
  }
  const auto& nodes = tree_->nodes;
  const auto found = std::ranges::find(nodes, *selection_, &TreeNode::vertex);
  if (found == nodes.end()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(found - nodes.begin());
}

void TreeView::selectNode(std::int32_t node) {
  Q_EMIT vertexClicked(tree_->nodes[static_cast<std::size_t>(node)].vertex);
}

void TreeView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !emptyText().isEmpty()) {
    return;
  }
  const auto node = figure_->nodeAt(area(), event->position());
  if (node) {
    selectNode(*node);
  } else {
    Q_EMIT vertexClicked(-1);
  }
}

void TreeView::mouseMoveEvent(QMouseEvent* event) {
  if (!emptyText().isEmpty()) {
    return;
  }
  const auto index = figure_->nodeAt(area(), event->position());
  setCursor(index ? Qt::PointingHandCursor : Qt::ArrowCursor);
  if (!index) {
    Q_EMIT probed({});
    return;
  }
  const TreeNode& node = tree_->nodes[static_cast<std::size_t>(*index)];
  const QString kind = node.kind == NodeKind::minimum  ? tr("minimum")
                       : node.kind == NodeKind::saddle ? tr("saddle")
                                                       : tr("highest point");
  Q_EMIT probed(tr("%1 at vertex %2, %3 = %4")
                    .arg(kind)
                    .arg(node.vertex)
                    .arg(QString::fromStdString(style_.quantity))
                    .arg(node.value, 0, 'g', 6));
}

void TreeView::keyPressEvent(QKeyEvent* event) {
  if (!tree_ || !figure_ || tree_->nodes.empty()) {
    return PaintedView::keyPressEvent(event);
  }
  const auto count = static_cast<std::int32_t>(tree_->nodes.size());
  const auto now = selectedNode();
  switch (event->key()) {
    case Qt::Key_Right:
      return selectNode(now ? (*now + 1) % count : 0);
    case Qt::Key_Left:
      return selectNode(now ? (*now + count - 1) % count : count - 1);
    case Qt::Key_Up:
      if (now && tree_->nodes[static_cast<std::size_t>(*now)].parent >= 0) {
        selectNode(tree_->nodes[static_cast<std::size_t>(*now)].parent);
      }
      return;
    case Qt::Key_Down:
      if (now && !tree_->children(*now).empty()) {
        selectNode(tree_->children(*now).front());
      }
      return;
    default:
      PaintedView::keyPressEvent(event);
  }
}

}  // namespace tarn::ui
