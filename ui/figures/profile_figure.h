#pragma once

#include <QPointF>
#include <QRectF>
#include <cstdint>
#include <memory>
#include <optional>

#include "topology/merge_tree/merge_tree.h"
#include "topology/profile/profile.h"
#include "ui/figures/plot_frame.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

/// A topological landscape profile: every basin a valley whose full width at a height is the number
/// of its vertices up to there; valleys stand nested as in the tree.
class ProfileFigure {
 public:
  ProfileFigure(std::shared_ptr<const MergeTree> tree,
                std::shared_ptr<const TopologicalProfile> profile, PlotStyle style);

  /// Highlights the part that a vertex of the grid belongs to.
  void select(std::optional<std::int64_t> vertex) { selection_ = vertex; }
  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;
  /// The innermost part drawn at a position: the node that names it.
  std::optional<std::int32_t> nodeAt(const QRectF& area, const QPointF& position) const;
  /// Half-way up the part of a node, in its middle.
  QPointF nodePosition(const QRectF& area, std::int32_t node) const;

 private:
  PlotFrame frame(const QRectF& area) const;
  QPolygonF outline(const PlotFrame& frame, const ProfilePart& part) const;

  std::shared_ptr<const MergeTree> tree_;
  std::shared_ptr<const TopologicalProfile> profile_;
  PlotStyle style_;
  PlaneView view_;
  std::optional<std::int64_t> selection_;
  std::optional<double> fixedText_;
};

}  // namespace tarn::ui
