#include "ui/views/tree_view.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include "ui/actions/action.h"
#include "ui/views/tree_nodes.h"

namespace tarn::ui {

TreeStyle treeStyle(const LandscapeStyle& style, const ShownLandscape& shown) {
  TreeStyle tree;
  tree.theme = style.theme;
  tree.height = style.height;
  tree.colourMap = style.colourMap;
  tree.title = style.title;
  tree.quantity = shown.landscape.quantity;
  if (shown.analysis) {
    tree.smad = shown.smad.plain;
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
        [this, tree = tree_](std::shared_ptr<TreeFigure> figure) {
          if (tree_) {
            figure_ = std::move(figure);
            figureTree_ = tree;
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
  const bool drawn = figure_ && figureTree_ == tree_ && node >= 0 &&
                     static_cast<std::size_t>(node) < tree_->nodes.size();
  return drawn ? std::optional(figure_->nodePosition(area(), node)) : std::nullopt;
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

std::optional<TreeNode> TreeView::nodeAt(const QPointF& position) const {
  const auto index = figure_->nodeAt(area(), position);
  return index ? std::optional(figureTree_->nodes[static_cast<std::size_t>(*index)]) : std::nullopt;
}

void TreeView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !emptyText().isEmpty()) {
    return;
  }
  const auto node = nodeAt(event->position());
  Q_EMIT vertexClicked(node ? node->vertex : -1);
}

void TreeView::mouseMoveEvent(QMouseEvent* event) {
  if (!emptyText().isEmpty()) {
    return;
  }
  const auto node = nodeAt(event->position());
  setCursor(node ? Qt::PointingHandCursor : Qt::ArrowCursor);
  Q_EMIT probed(node ? nodeText(*node, style_.quantity) : QString());
}

void TreeView::keyPressEvent(QKeyEvent* event) {
  if (!emptyText().isEmpty() || event->key() < Qt::Key_Left || event->key() > Qt::Key_Down) {
    return PaintedView::keyPressEvent(event);
  }
  if (const auto node = nodeByKey(*tree_, nodeOfVertex(*tree_, selection_), event->key())) {
    Q_EMIT vertexClicked(tree_->nodes[static_cast<std::size_t>(*node)].vertex);
  }
}

}  // namespace tarn::ui
