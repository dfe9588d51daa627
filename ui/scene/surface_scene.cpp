#include "ui/scene/surface_scene.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkCommand.h>
#include <vtkLight.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include "ui/figures/palette.h"
#include "ui/scene/basin_colours.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/overlay_actor.h"
#include "ui/scene/surface_bodies.h"
#include "ui/scene/surface_overlay.h"
#include "ui/scene/surface_projection.h"

namespace tarn::ui {
namespace {

bool sameRuns(const std::vector<Trajectory>& a, const std::vector<Trajectory>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Trajectory& x, const Trajectory& y) { return x.points == y.points; });
}

}  // namespace

struct SurfaceScene::Parts {
  SurfaceBodies bodies;
  vtkNew<vtkCallbackCommand> onStart;
  OverlayActor overlay;
  LandscapeData data;
  LandscapeStyle style;
  std::optional<SurfaceShape> shape;
  bool placed = false;  ///< the camera has been set once
  bool overlayStale = true;
  double fixedText = 0.0;
  vtkMTimeType seenCamera = 0;
  std::array<int, 2> seenSize{};

  Parts();
  ~Parts() { renderer()->RemoveObserver(onStart); }

  vtkRenderer* renderer() const { return bodies.renderer(); }
  double pixelRatio() const;
  double lineWidth() const { return 1.2 * pixelRatio(); }
  QSizeF size() const;
  double textOf(const QSizeF& area) const { return fixedText > 0.0 ? fixedText : textSize(area); }
  SurfaceProjection projectionOn(const QSizeF& area) const {
    return {*renderer()->GetActiveCamera(), area};
  }
  SurfaceOverlay overlayOf(const QSizeF& area) const;
  std::optional<std::int64_t> glyphAt(const QPointF& position) const;
  void buildSelection() { bodies.buildSelection(*shape, data, style.theme, lineWidth()); }
  void placeCamera();
  void beforeRender();
};

SurfaceScene::Parts::Parts() {
  renderer()->SetUseFXAA(false);
  renderer()->AddActor2D(overlay.actor());
  // One light that comes from the viewer's upper left; the rest of the light is ambient.
  renderer()->AutomaticLightCreationOff();
  vtkNew<vtkLight> light;
  light->SetLightTypeToCameraLight();
  light->SetPosition(-0.5, 0.8, 1.2);
  light->SetFocalPoint(0, 0, 0);
  renderer()->AddLight(light);
  onStart->SetClientData(this);
  onStart->SetCallback([](vtkObject*, unsigned long, void* self, void*) {
    static_cast<Parts*>(self)->beforeRender();
  });
  renderer()->AddObserver(vtkCommand::StartEvent, onStart);
}

double SurfaceScene::Parts::pixelRatio() const {
  vtkRenderWindow* window = renderer()->GetRenderWindow();
  return window == nullptr ? 1.0 : std::max(window->GetDPI() / 72.0, 0.25);
}

QSizeF SurfaceScene::Parts::size() const {
  vtkRenderWindow* window = renderer()->GetRenderWindow();
  if (window == nullptr) {
    return {1.0, 1.0};
  }
  const int* pixels = window->GetActualSize();
  return QSizeF(std::max(pixels[0], 1), std::max(pixels[1], 1)) / pixelRatio();
}

SurfaceOverlay SurfaceScene::Parts::overlayOf(const QSizeF& area) const {
  Point3 viewer{};
  renderer()->GetActiveCamera()->GetPosition(viewer.data());
  return {&data,
          &style,
          &*shape,
          area,
          textOf(area),
          [projection = projectionOn(area)](const Point3& point) {
            return projection.toPosition(point);
          },
          viewer};
}

void SurfaceScene::Parts::placeCamera() {
  const QSizeF area = size();
  const OverlayMargins margins = overlayMargins(overlayOf(area));
  const QRectF room(margins.left, margins.top,
                    std::max(area.width() - margins.left - margins.right, 1.0),
                    std::max(area.height() - margins.top - margins.bottom, 1.0));
  frameLandscape(*renderer()->GetActiveCamera(), area, room);
}

void SurfaceScene::Parts::beforeRender() {
  if (!shape || renderer()->GetRenderWindow() == nullptr) {
    return;
  }
  if (!placed) {
    placeCamera();
    placed = true;
  }
  renderer()->ResetCameraClippingRange();
  if (!overlay.actor()->GetVisibility()) {
    return;
  }
  const int* pixels = renderer()->GetRenderWindow()->GetActualSize();
  const std::array<int, 2> now = {std::max(pixels[0], 1), std::max(pixels[1], 1)};
  const vtkMTimeType camera = renderer()->GetActiveCamera()->GetMTime();
  if (!overlayStale && now == seenSize && camera == seenCamera) {
    return;
  }
  QImage image(now[0], now[1], QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.scale(pixelRatio(), pixelRatio());
  paintSurfaceOverlay(painter, overlayOf(size()));
  painter.end();
  overlay.setImage(image.convertToFormat(QImage::Format_RGBA8888));
  seenSize = now;
  seenCamera = camera;
  overlayStale = false;
}

std::optional<std::int64_t> SurfaceScene::Parts::glyphAt(const QPointF& position) const {
  if (!style.criticalPoints) {
    return std::nullopt;
  }
  const SurfaceProjection view = projectionOn(size());
  double best = 0.8 * textOf(size());
  std::optional<std::int64_t> found;
  for (const auto& point : criticalPoints(data.tree.get(), shape->grid().size())) {
    const Point3 at = shape->placeOf(point.vertex);
    if (!std::isfinite(at[2])) {
      continue;
    }
    const double distance = QLineF(view.toPosition(at), position).length();
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
  return parts_->renderer();
}

void SurfaceScene::update(const LandscapeData& data, const LandscapeStyle& style) {
  Parts& p = *parts_;
  const bool reshape = !p.shape || data.grid != p.data.grid || style.height != p.style.height ||
                       style.clip != p.style.clip;
  if (reshape) {
    p.shape.emplace(data.grid, style.height, style.clip);
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
  const QColor background = paletteOf(style.theme).background;
  p.renderer()->SetBackground(background.redF(), background.greenF(), background.blueF());
  if (recolour) {
    p.bodies.buildMesh(*p.shape, style);
  }
  if (rebasin) {
    p.bodies.colourBasins(data, style);
  }
  if (reborder) {
    p.bodies.buildBorders(*p.shape, data, style, p.lineWidth());
  }
  if (reline) {
    p.bodies.buildLines(*p.shape, style, p.lineWidth());
  }
  if (rerun) {
    p.bodies.buildRuns(*p.shape, data, style);
  }
  if (reglyph) {
    p.bodies.buildGlyphs(*p.shape, data, style);
  }
  p.buildSelection();
  p.overlayStale = true;
}

void SurfaceScene::setTextSize(double size) {
  parts_->fixedText = size;
  parts_->overlayStale = true;
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
  parts_->placed = false;
  parts_->overlayStale = true;
}

void SurfaceScene::setViewPoint(const ViewPoint& from) {
  lookFrom(*parts_->renderer()->GetActiveCamera(), from);
  parts_->placed = true;
  parts_->overlayStale = true;
}

ViewPoint SurfaceScene::viewPoint() const {
  return viewPointOf(*parts_->renderer()->GetActiveCamera());
}

std::optional<std::int64_t> SurfaceScene::vertexAt(double x, double y) const {
  const Parts& p = *parts_;
  if (!p.shape) {
    return std::nullopt;
  }
  const QSizeF area = p.size();
  const double ratio = p.pixelRatio();
  const QPointF position(x / ratio, area.height() - y / ratio);
  if (const auto vertex = p.glyphAt(position)) {
    return vertex;
  }
  const auto [nearest, farthest] = p.projectionOn(area).lineThrough(position);
  return p.shape->vertexOnLine(nearest, farthest);
}

void SurfaceScene::setOverlayVisible(bool visible) {
  parts_->overlay.actor()->SetVisibility(visible);
}

void SurfaceScene::paintOverlay(QPainter& painter, const QSizeF& size) const {
  if (parts_->shape) {
    paintSurfaceOverlay(painter, parts_->overlayOf(size));
  }
}

}  // namespace tarn::ui
