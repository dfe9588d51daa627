#include "ui/scene/surface_overlay.h"

#include <QPainter>

#include "ui/figures/legend.h"
#include "ui/scene/basin_colours.h"
#include "ui/scene/surface_hidden.h"

namespace tarn::ui {
namespace {

SceneOverlay sceneOverlay(const SurfaceOverlay& overlay) {
  const SurfaceShape& shape = *overlay.shape;
  const LandscapeData& data = *overlay.data;
  const LandscapeStyle& style = *overlay.style;
  SceneOverlay scene{.size = overlay.size,
                     .text = overlay.text,
                     .theme = style.theme,
                     .title = style.title,
                     .toPosition = overlay.toPosition,
                     .floor = SurfaceShape::kFloor,
                     .top = SurfaceShape::kHeight,
                     .axes = {BoxAxis{roundTicks(shape.xs().front(), shape.xs().back(), 6),
                                      [&shape](double x) { return shape.placeX(x); },
                                      QString::fromStdString(data.x.text())},
                              BoxAxis{roundTicks(shape.ys().front(), shape.ys().back(), 6),
                                      [&shape](double y) { return shape.placeY(y); },
                                      QString::fromStdString(data.y.text())},
                              BoxAxis{shape.heights().ticks(6),
                                      [&shape](double value) {
                                        return SurfaceShape::kHeight * shape.heights().unit(value);
                                      },
                                      QString::fromStdString(data.quantity)}},
                     .legend = legendEntries(data, style, shape.heights(), overlay.text),
                     .heights = shape.heights(),
                     .colours = ColourMap(style.colourMap, style.reverseColours),
                     .caption = {}};
  if (showsBasins(data, style)) {
    const BasinColours basins(*data.tree, style);
    scene.heights = basins.heights();
    scene.colours = basins.colours();
    scene.caption = QString::fromStdString(data.quantity + " at the minimum");
  }
  return scene;
}

}  // namespace

OverlayMargins overlayMargins(const SurfaceOverlay& overlay) {
  return overlayMargins(sceneOverlay(overlay));
}

void paintSurfaceOverlay(QPainter& painter, const SurfaceOverlay& overlay) {
  painter.save();
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  paintHidden(painter, overlay);
  painter.restore();
  paintSceneOverlay(painter, sceneOverlay(overlay));
}

}  // namespace tarn::ui
