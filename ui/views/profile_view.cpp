#include "ui/views/profile_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <utility>

#include "topology/profile/profile.h"
#include "ui/actions/action.h"
#include "ui/views/persistence_view.h"
#include "ui/views/tree_nodes.h"

namespace tarn::ui {

ProfileView::ProfileView(QWidget* parent) : PaintedView(parent) {
  describe(this, "profileView", tr("Profile"),
           tr("How wide every basin is at every height. Click a part to see where it is"));
  setToolTip({});
}

void ProfileView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  data_ = shown.landscape;
  style_ = plotStyle(style, shown);
  style_.threshold.reset();  // the tree is simplified already
  if (!data_.tree) {
    figure_.reset();
    figureTree_.reset();
    figureGrid_.reset();
    orderedTree_.reset();
  }
  build();
}

void ProfileView::build() {
  if (!data_.tree || !isVisible()) {
    redraw();
    return;
  }
  if (orderedTree_ == data_.tree && orderedStyle_ == style_) {
    return;
  }
  orderedTree_ = data_.tree;
  orderedStyle_ = style_;
  builder_.run(
      this,
      [grid = data_.grid, tree = data_.tree, style = style_] {
        auto profile = std::make_shared<const TopologicalProfile>(topologicalProfile(*grid, *tree));
        return std::make_shared<ProfileFigure>(tree, std::move(profile), style);
      },
      [this, grid = data_.grid, tree = data_.tree](std::shared_ptr<ProfileFigure> figure) {
        if (data_.tree) {
          figure_ = std::move(figure);
          figureGrid_ = grid;
          figureTree_ = tree;
          figure_->select(data_.selection);
          figure_->setTextSize(fontInfo().pixelSize());
          redraw();
        }
      });
}

void ProfileView::showEvent(QShowEvent* event) {
  PaintedView::showEvent(event);
  build();
}

void ProfileView::showSelection(std::optional<std::int64_t> vertex) {
  data_.selection = vertex;
  if (figure_) {
    figure_->select(vertex);
    redraw();
  }
}

std::optional<QPointF> ProfileView::nodePosition(std::int32_t node) const {
  const bool drawn = figure_ && figureTree_ == data_.tree && node >= 0 &&
                     static_cast<std::size_t>(node) < figureTree_->nodes.size();
  return drawn ? std::optional(figure_->nodePosition(area(), node)) : std::nullopt;
}

void ProfileView::draw(QPainter& painter, const QRectF& area) {
  figure_->paint(painter, area);
}

QString ProfileView::emptyText() const {
  if (!data_.grid) {
    return tr("No landscape is shown");
  }
  if (!data_.tree || !figure_) {
    return tr("Computing the profile…");
  }
  return data_.tree->nodes.empty() ? tr("Every value of this landscape is masked.") : QString();
}

std::optional<TreeNode> ProfileView::nodeAt(const QPointF& position) const {
  if (figureGrid_ != data_.grid) {
    return std::nullopt;  // its vertices are those of another grid
  }
  const auto index = figure_->nodeAt(area(), position);
  return index ? std::optional(figureTree_->nodes[static_cast<std::size_t>(*index)]) : std::nullopt;
}

void ProfileView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && emptyText().isEmpty()) {
    const auto node = nodeAt(event->position());
    Q_EMIT vertexClicked(node ? node->vertex : -1);
  }
}

void ProfileView::mouseMoveEvent(QMouseEvent* event) {
  if (!emptyText().isEmpty()) {
    return;
  }
  const auto node = nodeAt(event->position());
  setCursor(node ? Qt::PointingHandCursor : Qt::ArrowCursor);
  Q_EMIT probed(node ? nodeText(*node, style_.quantity) : QString());
}

void ProfileView::keyPressEvent(QKeyEvent* event) {
  if (!emptyText().isEmpty() || event->key() < Qt::Key_Left || event->key() > Qt::Key_Down) {
    return PaintedView::keyPressEvent(event);
  }
  if (const auto node =
          nodeByKey(*data_.tree, nodeOfVertex(*data_.tree, data_.selection), event->key())) {
    Q_EMIT vertexClicked(data_.tree->nodes[static_cast<std::size_t>(*node)].vertex);
  }
}

}  // namespace tarn::ui
