#pragma once

#include <QPointF>
#include <QSizeF>
#include <QString>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "ui/figures/legend.h"
#include "ui/scene/colour_map.h"
#include "ui/scene/height_map.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_shape.h"

class QPainter;

namespace tarn::ui {

/// One axis of the box in which a scene stands.
struct BoxAxis {
  std::vector<Tick> ticks;
  std::function<double(double)> place;  ///< of a tick's value, in the scene
  QString caption;
};

/// What is painted over a scene that stands in a box, x and y from −1 to 1: where a camera sees the
/// places of the scene, on an area of that size with its origin at the top left.
struct SceneOverlay {
  QSizeF size;
  double text = 0.0;  ///< size of text
  Theme theme = Theme::light;
  std::string title;
  std::function<QPointF(const Point3&)> toPosition;
  double floor = 0.0;  ///< of the box
  double top = 1.0;
  std::array<BoxAxis, 3> axes;  ///< along x, y and the heights
  std::vector<LegendEntry> legend;
  HeightMap heights;  ///< of the colour bar, as what follows
  ColourMap colours;
  QString caption;
};

/// How much of an area is taken beside the box: by the title and the legend at the top, by the
/// numbers and captions of the axes, by the colour bar at the right.
struct OverlayMargins {
  double left;
  double top;
  double right;
  double bottom;
};
OverlayMargins overlayMargins(const SceneOverlay& overlay);

/// Axes along the edges of the box that the camera sees free, with numbers and captions, the
/// colour bar, the legend and the title.
void paintSceneOverlay(QPainter& painter, const SceneOverlay& overlay);

}  // namespace tarn::ui
