#include "ui/scene/surface_scene.h"

#include <QLineF>
#include <algorithm>
#include <cmath>

#include <vtkCamera.h>
#include <vtkRenderer.h>

#include "ui/scene/basin_colours.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/overlaid_renderer.h"
#include "ui/scene/surface_bodies.h"
#include "ui/scene/surface_overlay.h"

namespace tarn::ui {
namespace {

bool sameRuns(const std::vector<Trajectory>& a, const std::vector<Trajectory>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Trajectory& x, const Trajectory& y) { return x.points == y.points; });
}

}  // namespace

struct SurfaceScene::Parts {
  OverlaidRenderer view{[this](const QSizeF& area) { placeCamera(area); },
                        [this](QPainter& painter, const QSizeF& area) {
                          paintSurfaceOverlay(painter, overlayOf(area));
                        }};
  SurfaceBodies bodies{view.renderer()};
  LandscapeData data;
  LandscapeStyle style;
  std::optional<SurfaceShape> shape;

  SurfaceOverlay overlayOf(const QSizeF& area) const;
  std::optional<std::int64_t> glyphAt(const QPointF& position) const;
  void buildSelection() { bodies.buildSelection(*shape, data, style.theme, view.lineWidth()); }
  void placeCamera(const QSizeF& area);
};

SurfaceOverlay SurfaceScene::Parts::overlayOf(const QSizeF& area) const {
  return {&data,
          &style,
          &*shape,
          area,
          view.textOn(area),
          [projection = view.projectionOn(area)](const Point3& point) {
            return projection.toPosition(point);
          },
          view.viewer()};
}

void SurfaceScene::Parts::placeCamera(const QSizeF& area) {
  frameBox(*view.renderer()->GetActiveCamera(), area, overlayMargins(overlayOf(area)),
           {SurfaceShape::kFloor, SurfaceShape::kHeight}, ViewPoint().focus[2]);
}

std::optional<std::int64_t> SurfaceScene::Parts::glyphAt(const QPointF& position) const {
  if (!style.criticalPoints) {
    return std::nullopt;
  }
  const QSizeF area = view.size();
  const SurfaceProjection projection = view.projectionOn(area);
  double best = 0.8 * view.textOn(area);
  std::optional<std::int64_t> found;
  for (const auto& point : criticalPoints(data.tree.get(), shape->grid().size())) {
    const Point3 at = shape->placeOf(point.vertex);
    if (!std::isfinite(at[2])) {
      continue;
    }
    const double distance = QLineF(projection.toPosition(at), position).length();
    if (distance < best) {
      best = distance;
      found = point.vertex;
    }
  }
  return found;
}

SurfaceScene::SurfaceScene() : parts_(std::make_unique<Parts>()) {}
SurfaceScene::~SurfaceScene() = default;

vtkRenderer* SurfaceScene::renderer() const {
  return parts_->view.renderer();
}

void SurfaceScene::update(const LandscapeData& data, const LandscapeStyle& style) {
  Parts& p = *parts_;
  const bool reshape = !p.shape || data.grid != p.data.grid || style.height != p.style.height ||
                       style.clip != p.style.clip;
  if (reshape) {
    p.shape.emplace(data.grid, heightsOf(data, style));
  }
  const bool recolour = reshape || style.colourMap != p.style.colourMap ||
                        style.reverseColours != p.style.reverseColours;
  const bool retheme = recolour || style.theme != p.style.theme;
  const bool reline =
      retheme || style.contours != p.style.contours || style.levels != p.style.levels;
  const bool rerun = reshape || style.trajectories != p.style.trajectories ||
                     !sameRuns(data.trajectories, p.data.trajectories);
  const bool reglyph =
      reshape || style.criticalPoints != p.style.criticalPoints || data.tree != p.data.tree;
  const bool basins = showsBasins(data, style);
  const bool reborder = basins != showsBasins(p.data, p.style) ||
                        (basins && (reshape || data.basins != p.data.basins));
  const bool rebasin =
      recolour || reborder ||
      (basins && (retheme || data.tree != p.data.tree || data.selection != p.data.selection));
  p.data = data;
  p.style = style;
  if (recolour) {
    p.bodies.buildMesh(*p.shape, style);
  }
  if (rebasin) {
    p.bodies.colourBasins(data, style);
  }
  if (reborder) {
    p.bodies.buildBorders(*p.shape, data, style, p.view.lineWidth());
  }
  if (reline) {
    p.bodies.buildLines(*p.shape, style, p.view.lineWidth());
  }
  if (rerun) {
    p.bodies.buildRuns(*p.shape, data, style);
  }
  if (reglyph) {
    p.bodies.buildGlyphs(*p.shape, data, style);
  }
  p.buildSelection();
  p.view.sceneChanged(style.theme);
}

void SurfaceScene::setTextSize(double size) {
  parts_->view.setTextSize(size);
}

void SurfaceScene::select(std::optional<std::int64_t> vertex) {
  parts_->data.selection = vertex;
  if (parts_->shape) {
    parts_->buildSelection();
    if (showsBasins(parts_->data, parts_->style)) {
      parts_->bodies.colourBasins(parts_->data, parts_->style);
    }
  }
}

void SurfaceScene::setMoving(bool moving) {
  parts_->bodies.setMoving(moving);
}

void SurfaceScene::resetCamera() {
  parts_->view.resetCamera();
}

void SurfaceScene::setViewPoint(const ViewPoint& from) {
  parts_->view.setViewPoint(from);
}

ViewPoint SurfaceScene::viewPoint() const {
  return parts_->view.viewPoint();
}

std::optional<std::int64_t> SurfaceScene::vertexAt(double x, double y) const {
  const Parts& p = *parts_;
  if (!p.shape) {
    return std::nullopt;
  }
  const QPointF position = p.view.positionOf(x, y);
  if (const auto vertex = p.glyphAt(position)) {
    return vertex;
  }
  const auto [nearest, farthest] = p.view.projectionOn(p.view.size()).lineThrough(position);
  return p.shape->vertexOnLine(nearest, farthest);
}

void SurfaceScene::setOverlayVisible(bool visible) {
  parts_->view.setOverlayVisible(visible);
}

void SurfaceScene::paintOverlay(QPainter& painter, const QSizeF& size) const {
  if (parts_->shape) {
    paintSurfaceOverlay(painter, parts_->overlayOf(size));
  }
}

}  // namespace tarn::ui
