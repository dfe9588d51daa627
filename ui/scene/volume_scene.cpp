#include "ui/scene/volume_scene.h"

#include <QLineF>
#include <QPainter>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <span>

#include <vtkCamera.h>
#include <vtkRenderer.h>

#include "ui/figures/legend.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/hidden_marks.h"
#include "ui/scene/line_builder.h"
#include "ui/scene/overlaid_renderer.h"
#include "ui/scene/scene_overlay.h"
#include "ui/scene/volume_bodies.h"
#include "ui/scene/volume_ray.h"

namespace tarn::ui {
namespace {

QString toText(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

/// What is nearer to a slice is not hidden by it.
constexpr double kInSight = 0.03;

bool sameWays(const std::vector<Trajectory>& a, const std::vector<Trajectory>& b) {
  return std::ranges::equal(a, b, {}, &Trajectory::coordinates, &Trajectory::coordinates);
}

}  // namespace

struct VolumeScene::Parts {
  OverlaidRenderer view{[this](const QSizeF& area) { placeCamera(area); },
                        [this](QPainter& painter, const QSizeF& area) { paint(painter, area); }};
  VolumeBodies bodies{view.renderer()};
  LandscapeData data;
  LandscapeStyle style;
  VolumeStyle volume;
  std::optional<VolumeShape> shape;
  std::optional<IsoSurfaces> surfaces;
  std::vector<double> units;  ///< of the iso-surfaces

  /// Where slices lie along the scene's directions.
  SlicePlaces slices() const;
  SceneOverlay overlayOf(const QSizeF& area) const;
  std::vector<LegendEntry> legend(double textSize) const;
  std::optional<std::int64_t> glyphAt(const QPointF& position) const;
  void placeCamera(const QSizeF& area);
  void paint(QPainter& painter, const QSizeF& area) const;
  void paintHidden(QPainter& painter, const QSizeF& area) const;
  void buildSelection() { bodies.buildSelection(*shape, data, style.theme, view.lineWidth()); }
};

SlicePlaces VolumeScene::Parts::slices() const {
  SlicePlaces places;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (volume.slices[axis]) {
      places[VolumeShape::kDirectionOf[axis]] = volume.at[axis];
    }
  }
  return places;
}

std::vector<LegendEntry> VolumeScene::Parts::legend(double textSize) const {
  QStringList levels;
  for (const double unit : units) {
    levels += toText(formatNumber(valueAt(shape->heights(), unit), 3));
  }
  QStringList places;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (volume.slices[axis]) {
      const Axis& along = shape->grid().axes()[axis];
      places += toText(data.axes.at(axis).name) + QStringLiteral(" = ") +
                toText(formatNumber(along.coordinates[volume.at[axis]], 4));
    }
  }
  std::vector<LegendEntry> entries;
  if (!levels.isEmpty()) {
    entries.push_back(legendRemark(
        QStringLiteral("surfaces at %1 = %2").arg(toText(data.quantity), levels.join(", "))));
  }
  if (!places.isEmpty()) {
    entries.push_back(legendRemark(QStringLiteral("slices at ") + places.join(", ")));
  }
  std::ranges::move(legendEntries(data, style, shape->heights(), textSize),
                    std::back_inserter(entries));
  return entries;
}

SceneOverlay VolumeScene::Parts::overlayOf(const QSizeF& area) const {
  const double size = view.textOn(area);
  const auto axisOf = [this](std::size_t direction) {
    const auto& coordinates = shape->coordinates(direction);
    return BoxAxis{roundTicks(coordinates.front(), coordinates.back(), 6),
                   [this, direction](double value) { return shape->place(direction, value); },
                   toText(data.axes.at(VolumeShape::kAxisAlong[direction]).text())};
  };
  return {.size = area,
          .text = size,
          .theme = style.theme,
          .title = style.title,
          .toPosition = [projection = view.projectionOn(area)](
                            const Point3& place) { return projection.toPosition(place); },
          .floor = -1.0,
          .top = 1.0,
          .axes = {axisOf(0), axisOf(1), axisOf(2)},
          .legend = legend(size),
          .heights = shape->heights(),
          .colours = ColourMap(style.colourMap, style.reverseColours),
          .caption = toText(data.quantity)};
}

void VolumeScene::Parts::placeCamera(const QSizeF& area) {
  OverlayMargins margins = overlayMargins(overlayOf(area));
  // The edges of a cube's floor are steeper than those of a surface: captions reach farther down.
  margins.bottom += 1.5 * view.textOn(area);
  frameBox(*view.renderer()->GetActiveCamera(), area, margins, {-1.0, 1.0}, 0.0);
}

// Runs are seen through the surfaces; minima and saddles inside them are too small for that.
void VolumeScene::Parts::paintHidden(QPainter& painter, const QSizeF& area) const {
  const auto hiddenBy = [this, area](std::span<const double> surfaceUnits) {
    return [this, surfaceUnits, places = slices(), viewer = view.viewer(),
            projection = view.projectionOn(area)](const Point3& place) {
      const auto seen = firstSeen(*shape, places, surfaceUnits, viewer, place);
      return seen && distance(*seen, place) > kInSight ? std::optional(projection.toPosition(place))
                                                       : std::nullopt;
    };
  };
  const double size = view.textOn(area);
  HiddenMarks runs{size, hiddenBy({}), {}, {}};
  for (std::size_t i = 0; style.trajectories && i < data.trajectories.size(); ++i) {
    runs.runs.push_back({wayOf(*shape, data.trajectories[i]), runLook(i)});
  }
  paintHiddenMarks(painter, runs);
  HiddenMarks marks{size, hiddenBy(units), {}, {}};
  if (style.criticalPoints) {
    for (const auto& point : criticalPoints(data.tree.get(), shape->grid().size())) {
      marks.critical.push_back({shape->placeOf(point.vertex), point.minimum});
    }
  }
  paintHiddenMarks(painter, marks);
}

void VolumeScene::Parts::paint(QPainter& painter, const QSizeF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  paintHidden(painter, area);
  painter.restore();
  paintSceneOverlay(painter, overlayOf(area));
}

std::optional<std::int64_t> VolumeScene::Parts::glyphAt(const QPointF& position) const {
  if (!style.criticalPoints) {
    return std::nullopt;
  }
  const QSizeF area = view.size();
  const SurfaceProjection projection = view.projectionOn(area);
  double best = 0.8 * view.textOn(area);
  std::optional<std::int64_t> found;
  for (const auto& point : criticalPoints(data.tree.get(), shape->grid().size())) {
    const Point3 place = shape->placeOf(point.vertex);
    if (!std::isfinite(place[2])) {
      continue;
    }
    const double distance = QLineF(projection.toPosition(place), position).length();
    if (distance < best) {
      best = distance;
      found = point.vertex;
    }
  }
  return found;
}

VolumeScene::VolumeScene() : parts_(std::make_unique<Parts>()) {
  Parts& p = *parts_;
  p.view.beforeEach([&p] { p.bodies.showWalls(p.view.viewer()); });
}
VolumeScene::~VolumeScene() = default;

vtkRenderer* VolumeScene::renderer() const {
  return parts_->view.renderer();
}

void VolumeScene::update(const LandscapeData& data, const LandscapeStyle& style,
                         const VolumeStyle& volume) {
  Parts& p = *parts_;
  const bool first = !p.shape;
  const bool reshape = first || data.grid != p.data.grid || style.height != p.style.height ||
                       style.clip != p.style.clip;
  if (reshape) {
    p.surfaces.reset();
    p.shape.emplace(data.grid, heightsOf(data, style));
    p.surfaces.emplace(*p.shape);
  }
  const bool recolour = reshape || style.colourMap != p.style.colourMap ||
                        style.reverseColours != p.style.reverseColours;
  const bool retheme = first || style.theme != p.style.theme;
  const bool rewall = reshape || retheme;
  const bool rerun = reshape || style.trajectories != p.style.trajectories ||
                     !sameWays(data.trajectories, p.data.trajectories);
  const bool reglyph =
      reshape || style.criticalPoints != p.style.criticalPoints || data.tree != p.data.tree;
  const bool resurface =
      recolour || retheme || volume.level != p.volume.level || volume.surfaces != p.volume.surfaces;
  const bool reslice = recolour || retheme || volume.at != p.volume.at ||
                       volume.slices != p.volume.slices || style.contours != p.style.contours ||
                       style.levels != p.style.levels;
  p.data = data;
  p.style = style;
  p.volume = volume;
  if (rewall) {
    p.bodies.buildWalls(*p.shape, style.theme, p.view.lineWidth());
  }
  if (resurface) {
    p.units = surfaceUnits(p.shape->heights(), volume.level.value_or(firstLevel(*data.grid)),
                           volume.surfaces);
    p.bodies.buildSurfaces(*p.surfaces, p.units, style);
  }
  if (reslice) {
    p.bodies.buildSlices(*p.shape, p.slices(), style, p.view.lineWidth());
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

void VolumeScene::setTextSize(double size) {
  parts_->view.setTextSize(size);
}

void VolumeScene::select(std::optional<std::int64_t> vertex) {
  parts_->data.selection = vertex;
  if (parts_->shape) {
    parts_->buildSelection();
  }
}

void VolumeScene::resetCamera() {
  parts_->view.resetCamera();
}

void VolumeScene::setViewPoint(const ViewPoint& from) {
  parts_->view.setViewPoint(from);
}

ViewPoint VolumeScene::viewPoint() const {
  return parts_->view.viewPoint();
}

std::optional<std::int64_t> VolumeScene::vertexAt(double x, double y) const {
  const Parts& p = *parts_;
  if (!p.shape) {
    return std::nullopt;
  }
  const QPointF position = p.view.positionOf(x, y);
  if (const auto vertex = p.glyphAt(position)) {
    return vertex;
  }
  const auto [nearest, farthest] = p.view.projectionOn(p.view.size()).lineThrough(position);
  const auto place = firstSeen(*p.shape, p.slices(), p.units, nearest, farthest);
  return place ? p.shape->nearestVertex(*place) : std::nullopt;
}

void VolumeScene::setOverlayVisible(bool visible) {
  parts_->view.setOverlayVisible(visible);
}

void VolumeScene::paintOverlay(QPainter& painter, const QSizeF& size) const {
  if (parts_->shape) {
    parts_->paint(painter, size);
  }
}

}  // namespace tarn::ui
