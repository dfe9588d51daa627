#pragma once

#include "ui/figures/tree_figure.h"
#include "ui/views/background.h"
#include "ui/views/painted_view.h"

namespace tarn::ui {

/// The merge tree: how basins join as the loss grows. A click selects a minimum or a saddle; the
/// left and right keys go to the next node, up and down to the parent and the eldest child.
class TreeView : public PaintedView {
  Q_OBJECT

 public:
  explicit TreeView(QWidget* parent = nullptr);

  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> vertex) override;
  void resetView() override {}
  /// Where a node is drawn, in widget coordinates; nothing before it is.
  std::optional<QPointF> nodePosition(std::int32_t node) const;

 protected:
  void draw(QPainter& painter, const QRectF& area) override;
  QString emptyText() const override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  /// What is drawn there; only while something is.
  std::optional<TreeNode> nodeAt(const QPointF& position) const;

  std::shared_ptr<const MergeTree> tree_;
  std::shared_ptr<TreeFigure> figure_;
  std::shared_ptr<const MergeTree> figureTree_;  ///< that the figure draws
  TreeStyle style_;
  std::optional<std::int64_t> selection_;
  Latest<std::shared_ptr<TreeFigure>> builder_;
  bool hasLandscape_ = false;
};

/// How the merge tree of a landscape is drawn: as the landscape itself, with its numbers.
TreeStyle treeStyle(const LandscapeStyle& style, const ShownLandscape& shown);

}  // namespace tarn::ui
