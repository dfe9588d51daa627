#pragma once

#include <QPointF>
#include <QRectF>
#include <optional>
#include <string>
#include <vector>

#include "ui/figures/contour_figure.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

/// Runs on a plane on which nothing was sampled; a plain value.
struct TrajectoryData {
  std::vector<Trajectory> runs;
  AxisCaption x;
  AxisCaption y;
};

/// The part of the plane that the runs cross, with a margin around them.
PlaneView planeOf(const TrajectoryData& data);

/// Runs on their plane: as in a contour plot, but over an empty one.
class TrajectoryFigure {
 public:
  TrajectoryFigure(TrajectoryData data, Theme theme, std::string title = {});

  void setView(const PlaneView& view) { view_ = view; }
  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;
  /// Where a point of the plane (x, y) stands.
  QPointF positionOf(const QRectF& area, const QPointF& place) const;

 private:
  class Layout;

  TrajectoryData data_;
  Theme theme_;
  std::string title_;
  PlaneView view_;
  std::optional<double> fixedText_;
};

}  // namespace tarn::ui
