#pragma once

#include "ui/figures/profile_figure.h"
#include "ui/views/background.h"
#include "ui/views/painted_view.h"

namespace tarn::ui {

/// The topological landscape profile: how wide every basin is at every height. A click selects the
/// minimum or saddle that a part stands on; the keys do what they do in the merge tree.
class ProfileView : public PaintedView {
  Q_OBJECT

 public:
  explicit ProfileView(QWidget* parent = nullptr);

  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> vertex) override;
  void resetView() override {}
  /// A place inside the part of a node, in widget coordinates; nothing before it is drawn.
  std::optional<QPointF> nodePosition(std::int32_t node) const;

 protected:
  void draw(QPainter& painter, const QRectF& area) override;
  QString emptyText() const override;
  void showEvent(QShowEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void build();
  std::optional<TreeNode> nodeAt(const QPointF& position) const;

  LandscapeData data_;
  PlotStyle style_;
  std::shared_ptr<const MergeTree> orderedTree_;  ///< the figure that was asked for
  PlotStyle orderedStyle_;
  std::shared_ptr<ProfileFigure> figure_;
  std::shared_ptr<const MergeTree> figureTree_;   ///< that the figure draws
  std::shared_ptr<const ScalarGrid> figureGrid_;  ///< whose tree that is
  Latest<std::shared_ptr<ProfileFigure>> builder_;
};

}  // namespace tarn::ui
