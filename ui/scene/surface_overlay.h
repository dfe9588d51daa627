#pragma once

#include <QPointF>
#include <QSizeF>
#include <functional>

#include "ui/scene/landscape_data.h"
#include "ui/scene/surface_shape.h"

class QPainter;

namespace tarn::ui {

/// What is painted over a surface: where a camera sees the places of the scene, on an area of that
/// size with its origin at the top left.
struct SurfaceOverlay {
  const LandscapeData* data = nullptr;
  const LandscapeStyle* style = nullptr;
  const SurfaceShape* shape = nullptr;
  QSizeF size;
  double text = 0.0;  ///< size of text
  std::function<QPointF(const Point3&)> toPosition;
  Point3 viewer{};  ///< where the camera stands
};

/// How much of an area is taken beside the box: by the title and the legend at the top, by the
/// numbers and captions of the axes, by the colour bar at the right.
struct OverlayMargins {
  double left;
  double top;
  double right;
  double bottom;
};
OverlayMargins overlayMargins(const SurfaceOverlay& overlay);

/// Axes along the edges of the box that the camera sees free, with numbers and captions, the
/// colour bar, the legend and the title; faintly, what the surface hides of runs and marks.
void paintSurfaceOverlay(QPainter& painter, const SurfaceOverlay& overlay);

}  // namespace tarn::ui
