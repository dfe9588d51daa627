#pragma once

#include <QPointF>
#include <QSizeF>
#include <functional>

#include "ui/scene/landscape_data.h"
#include "ui/scene/scene_overlay.h"
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

OverlayMargins overlayMargins(const SurfaceOverlay& overlay);

/// What paintSceneOverlay paints and, faintly, what the surface hides of runs and marks.
void paintSurfaceOverlay(QPainter& painter, const SurfaceOverlay& overlay);

}  // namespace tarn::ui
