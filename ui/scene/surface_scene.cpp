#include "ui/scene/surface_scene.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkCommand.h>
#include <vtkLight.h>
#include <vtkLineSource.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include "ui/figures/marks.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/overlay_actor.h"
#include "ui/scene/surface_actors.h"
#include "ui/scene/surface_lines.h"
#include "ui/scene/surface_mesh.h"
#include "ui/scene/surface_overlay.h"

namespace tarn::ui {
namespace {

constexpr std::size_t kCoarse = 256;
constexpr double kRunRadius = 0.0095;
constexpr double kGlyphRadius = 0.021;

bool sameRuns(const std::vector<Trajectory>& a, const std::vector<Trajectory>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Trajectory& x, const Trajectory& y) { return x.points == y.points; });
}

}  // namespace

struct SurfaceScene::Parts {
  using Actors = std::vector<vtkSmartPointer<vtkActor>>;

  vtkNew<vtkRenderer> renderer;
  vtkNew<vtkCallbackCommand> onStart;
  OverlayActor overlay;
  LandscapeData data;
  LandscapeStyle style;
  std::optional<SurfaceShape> shape;
  vtkSmartPointer<vtkActor> fine;
  vtkSmartPointer<vtkActor> coarse;  ///< null when fine is coarse enough
  Actors lines;
  Actors runs;
  Actors glyphs;
  Actors selection;
  bool moving = false;
  bool placed = false;  ///< the camera has been set once
  bool overlayStale = true;
  double fixedText = 0.0;
  vtkMTimeType seenCamera = 0;
  std::array<int, 2> seenSize{};

  Parts();
  ~Parts() { renderer->RemoveObserver(onStart); }

  double pixelRatio() const;
  double lineWidth() const { return 1.2 * pixelRatio(); }
  QSizeF size() const;
  double textOf(const QSizeF& area) const { return fixedText > 0.0 ? fixedText : textSize(area); }
  SurfaceOverlay overlayOf(const QSizeF& area) const;
  std::array<double, 4> project(const vtkMatrix4x4* matrix, const Point3& point) const;
  std::optional<std::int64_t> glyphAt(double x, double y) const;

  void replace(Actors& actors, Actors fresh);
  void buildMesh();
  void buildLines();
  static void addGlyphs(Actors& actors, Glyph glyph, std::vector<Point3> points, double radius,
                        const QColor& fill, const QColor& outline, double outlined);
  void buildRuns();
  void buildGlyphs();
  void buildSelection();
  void show();
  void placeCamera();
  void beforeRender();
};

SurfaceScene::Parts::Parts() {
  renderer->SetUseFXAA(false);
  renderer->AddActor2D(overlay.actor());
  // One light that comes from the viewer's upper left; the rest of the light is ambient.
  renderer->AutomaticLightCreationOff();
  vtkNew<vtkLight> light;
  light->SetLightTypeToCameraLight();
  light->SetPosition(-0.5, 0.8, 1.2);
  light->SetFocalPoint(0, 0, 0);
  renderer->AddLight(light);
  onStart->SetClientData(this);
  onStart->SetCallback([](vtkObject*, unsigned long, void* self, void*) {
    static_cast<Parts*>(self)->beforeRender();
  });
  renderer->AddObserver(vtkCommand::StartEvent, onStart);
}

double SurfaceScene::Parts::pixelRatio() const {
  vtkRenderWindow* window = renderer->GetRenderWindow();
  return window == nullptr ? 1.0 : std::max(window->GetDPI() / 72.0, 0.25);
}

QSizeF SurfaceScene::Parts::size() const {
  vtkRenderWindow* window = renderer->GetRenderWindow();
  if (window == nullptr) {
    return {1.0, 1.0};
  }
  const int* pixels = window->GetActualSize();
  return QSizeF(std::max(pixels[0], 1), std::max(pixels[1], 1)) / pixelRatio();
}

std::array<double, 4> SurfaceScene::Parts::project(const vtkMatrix4x4* matrix,
                                                   const Point3& point) const {
  std::array<double, 4> out{};
  for (int row = 0; row < 4; ++row) {
    out[static_cast<std::size_t>(row)] =
        matrix->GetElement(row, 0) * point[0] + matrix->GetElement(row, 1) * point[1] +
        matrix->GetElement(row, 2) * point[2] + matrix->GetElement(row, 3);
  }
  return out;
}

SurfaceOverlay SurfaceScene::Parts::overlayOf(const QSizeF& area) const {
  vtkNew<vtkMatrix4x4> matrix;
  matrix->DeepCopy(renderer->GetActiveCamera()->GetCompositeProjectionTransformMatrix(
      area.width() / area.height(), -1, 1));
  const vtkSmartPointer<vtkMatrix4x4> kept = matrix.Get();
  return {&data, &style, &*shape, area, textOf(area), [this, kept, area](const Point3& point) {
            const auto p = project(kept, point);
            return QPointF(area.width() * (p[0] / p[3] + 1) / 2,
                           area.height() * (1 - p[1] / p[3]) / 2);
          }};
}

void SurfaceScene::Parts::replace(Actors& actors, Actors fresh) {
  for (const auto& actor : actors) {
    renderer->RemoveActor(actor);
  }
  for (const auto& actor : fresh) {
    renderer->AddActor(actor);
  }
  actors = std::move(fresh);
}

void SurfaceScene::Parts::buildMesh() {
  for (const auto& actor : {fine, coarse}) {
    if (actor != nullptr) {
      renderer->RemoveActor(actor);
    }
  }
  const std::size_t longest = std::max(shape->xs().size(), shape->ys().size());
  const auto table = lookupTable(ColourMap(style.colourMap, style.reverseColours));
  fine = meshActor(surfaceMesh(*shape, longest), table);
  coarse = longest > kCoarse ? meshActor(surfaceMesh(*shape, kCoarse), table) : nullptr;
  renderer->AddActor(fine);
  if (coarse != nullptr) {
    renderer->AddActor(coarse);
  }
}

void SurfaceScene::Parts::buildLines() {
  const Palette palette = paletteOf(style.theme);
  Actors fresh = {lineActor(surfaceFloor(*shape), palette.grid, lineWidth())};
  if (style.contours) {
    const ColourMap colours(style.colourMap, style.reverseColours);
    fresh.push_back(
        lineActor(surfaceIsoLines(*shape, colours, style.levels), palette.foreground, lineWidth()));
  }
  replace(lines, std::move(fresh));
}

void SurfaceScene::Parts::addGlyphs(Actors& actors, Glyph glyph, std::vector<Point3> points,
                                    double radius, const QColor& fill, const QColor& outline,
                                    double outlined) {
  for (Point3& point : points) {
    point[2] += 0.5 * radius;
  }
  actors.push_back(bodyActor(glyphBody(glyph, points, radius), fill));
  actors.push_back(outlineActor(glyphBody(glyph, points, outlined * radius), outline));
}

void SurfaceScene::Parts::buildRuns() {
  Actors fresh;
  for (std::size_t i = 0; style.trajectories && i < data.trajectories.size(); ++i) {
    const RunLook look = runLook(i);
    const Trajectory& run = data.trajectories[i];
    if (run.points.empty()) {
      continue;
    }
    fresh.push_back(bodyActor(surfaceRun(*shape, run, look.dash, kRunRadius), look.colour));
    fresh.push_back(
        outlineActor(surfaceRun(*shape, run, Qt::SolidLine, 1.5 * kRunRadius), Qt::white));
    const auto& start = run.points.front();
    const auto& end = run.points.back();
    addGlyphs(fresh, Glyph::ball, {shape->placeAt(start[0], start[1])}, 0.018, Qt::white,
              look.colour, 1.55);
    addGlyphs(fresh, Glyph::star, {shape->placeAt(end[0], end[1])}, 0.03, look.colour, Qt::white,
              1.3);
  }
  replace(runs, std::move(fresh));
}

void SurfaceScene::Parts::buildGlyphs() {
  std::vector<Point3> minima;
  std::vector<Point3> saddles;
  if (style.criticalPoints) {
    for (const auto& point : criticalPoints(data.tree.get(), shape->grid().size())) {
      (point.minimum ? minima : saddles).push_back(shape->placeOf(point.vertex));
    }
  }
  const double radius = (minima.size() + saddles.size() <= 60 ? 1.0 : 0.7) * kGlyphRadius;
  Actors fresh;
  addGlyphs(fresh, Glyph::ball, minima, radius, Qt::white, QColor(0x11, 0x11, 0x11), 1.3);
  addGlyphs(fresh, Glyph::octahedron, saddles, 0.9 * radius, QColor(0x22, 0x22, 0x22), Qt::white,
            1.45);
  replace(glyphs, std::move(fresh));
}

void SurfaceScene::Parts::buildSelection() {
  const bool onGrid = data.selection && *data.selection >= 0 &&
                      static_cast<std::size_t>(*data.selection) < shape->grid().size();
  if (!onGrid || !std::isfinite(shape->placeOf(*data.selection)[2])) {
    replace(selection, {});
    return;
  }
  const Point3 at = shape->placeOf(*data.selection);
  const QColor colour = paletteOf(style.theme).selection;
  vtkNew<vtkLineSource> pole;
  pole->SetPoint1(at[0], at[1], at[2]);
  pole->SetPoint2(at[0], at[1], std::max(at[2] + 0.12, SurfaceShape::kHeight));
  pole->Update();
  replace(selection, {bodyActor(glyphBody(Glyph::ball, {at}, 0.034), colour),
                      lineActor(pole->GetOutput(), colour, 2.0 * lineWidth())});
}

void SurfaceScene::Parts::show() {
  const bool useCoarse = moving && coarse != nullptr;
  if (fine != nullptr) {
    fine->SetVisibility(!useCoarse);
  }
  if (coarse != nullptr) {
    coarse->SetVisibility(useCoarse);
  }
}

/// Sets the first view and fits the box, captions included, into what the overlay leaves free.
void SurfaceScene::Parts::placeCamera() {
  vtkCamera* camera = renderer->GetActiveCamera();
  const QSizeF area = size();
  const double text = textOf(area);
  camera->SetViewAngle(26.0);
  camera->SetViewUp(0, 0, 1);
  camera->SetFocalPoint(0, 0, 0.4 * SurfaceShape::kHeight);
  camera->SetWindowCenter(0, 0);
  double distance = 6.0;
  const OverlayMargins margins = overlayMargins(overlayOf(area));
  // Axes' numbers and captions stand outside the box.
  const QRectF room(5.0 * text, margins.top + 0.5 * text,
                    std::max(area.width() - margins.right - 7.0 * text, 1.0),
                    std::max(area.height() - margins.top - 3.6 * text, 1.0));
  QRectF seen;
  for (int i = 0; i < 12; ++i) {
    constexpr double kAzimuth = -0.92;  // radians; the x axis runs to the lower right
    constexpr double kElevation = 0.56;
    camera->SetPosition(distance * std::cos(kElevation) * std::cos(kAzimuth),
                        distance * std::cos(kElevation) * std::sin(kAzimuth),
                        0.4 * SurfaceShape::kHeight + distance * std::sin(kElevation));
    const SurfaceOverlay view = overlayOf(area);
    QPolygonF corners;
    for (const double x : {-1.0, 1.0}) {
      for (const double y : {-1.0, 1.0}) {
        corners << view.toPosition({x, y, -0.02}) << view.toPosition({x, y, SurfaceShape::kHeight});
      }
    }
    seen = corners.boundingRect();
    distance *= std::max(seen.width() / room.width(), seen.height() / room.height());
  }
  const QPointF off = seen.center() - room.center();
  camera->SetWindowCenter(2 * off.x() / area.width(), -2 * off.y() / area.height());
  renderer->ResetCameraClippingRange();
}

void SurfaceScene::Parts::beforeRender() {
  if (!shape || renderer->GetRenderWindow() == nullptr) {
    return;
  }
  if (!placed) {
    placeCamera();
    placed = true;
  }
  renderer->ResetCameraClippingRange();
  if (!overlay.actor()->GetVisibility()) {
    return;
  }
  const int* pixels = renderer->GetRenderWindow()->GetActualSize();
  const std::array<int, 2> now = {std::max(pixels[0], 1), std::max(pixels[1], 1)};
  const vtkMTimeType camera = renderer->GetActiveCamera()->GetMTime();
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

std::optional<std::int64_t> SurfaceScene::Parts::glyphAt(double x, double y) const {
  if (!style.criticalPoints) {
    return std::nullopt;
  }
  const double ratio = pixelRatio();
  const QPointF position(x / ratio, size().height() - y / ratio);
  const SurfaceOverlay view = overlayOf(size());
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
  return parts_->renderer;
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
  p.data = data;
  p.style = style;
  const QColor background = paletteOf(style.theme).background;
  p.renderer->SetBackground(background.redF(), background.greenF(), background.blueF());
  if (recolour) {
    p.buildMesh();
  }
  if (reline) {
    p.buildLines();
  }
  if (rerun) {
    p.buildRuns();
  }
  if (reglyph) {
    p.buildGlyphs();
  }
  p.buildSelection();
  p.show();
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
  }
}

void SurfaceScene::setMoving(bool moving) {
  parts_->moving = moving;
  parts_->show();
}

void SurfaceScene::resetCamera() {
  parts_->placed = false;
  parts_->overlayStale = true;
}

void SurfaceScene::setCamera(const vtkCamera& camera) {
  // DeepCopy only reads its argument, but does not say so.
  parts_->renderer->GetActiveCamera()->DeepCopy(const_cast<vtkCamera*>(&camera));
  parts_->placed = true;
}

std::optional<std::int64_t> SurfaceScene::vertexAt(double x, double y) const {
  const Parts& p = *parts_;
  if (!p.shape) {
    return std::nullopt;
  }
  if (const auto vertex = p.glyphAt(x, y)) {
    return vertex;
  }
  const QSizeF area = p.size();
  const double ratio = p.pixelRatio();
  vtkNew<vtkMatrix4x4> toWorld;
  toWorld->DeepCopy(p.renderer->GetActiveCamera()->GetCompositeProjectionTransformMatrix(
      area.width() / area.height(), -1, 1));
  toWorld->Invert();
  const auto unproject = [&](double depth) {
    const auto q = p.project(
        toWorld, {2 * x / (area.width() * ratio) - 1, 2 * y / (area.height() * ratio) - 1, depth});
    return Point3{q[0] / q[3], q[1] / q[3], q[2] / q[3]};
  };
  return p.shape->vertexOnLine(unproject(-1), unproject(1));
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
