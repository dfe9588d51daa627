#include "ui/scene/surface_bodies.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <vtkLineSource.h>
#include <vtkMapper.h>
#include <vtkPolyData.h>
#include <vtkTexture.h>

#include "ui/figures/marks.h"
#include "ui/scene/basin_colours.h"
#include "ui/scene/basin_texture.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/surface_actors.h"
#include "ui/scene/surface_lines.h"
#include "ui/scene/surface_mesh.h"

namespace tarn::ui {
namespace {

constexpr std::size_t kCoarse = 256;

}  // namespace

void SurfaceBodies::buildMesh(const SurfaceShape& shape, const LandscapeStyle& style) {
  for (const auto& actor : {fine_, coarse_}) {
    if (actor != nullptr) {
      renderer_->RemoveActor(actor);
    }
  }
  const std::size_t longest = std::max(shape.xs().size(), shape.ys().size());
  const auto table = lookupTable(ColourMap(style.colourMap, style.reverseColours));
  fine_ = meshActor(surfaceMesh(shape, longest), table);
  coarse_ = longest > kCoarse ? meshActor(surfaceMesh(shape, kCoarse), table) : nullptr;
  renderer_->AddActor(fine_);
  if (coarse_ != nullptr) {
    renderer_->AddActor(coarse_);
  }
  showMesh();
}

void SurfaceBodies::buildLines(const SurfaceShape& shape, const LandscapeStyle& style,
                               double width) {
  const Palette palette = paletteOf(style.theme);
  Actors fresh = {lineActor(surfaceFloor(shape), palette.grid, width)};
  if (style.contours) {
    const ColourMap colours(style.colourMap, style.reverseColours);
    fresh.push_back(
        lineActor(surfaceIsoLines(shape, colours, style.levels), palette.foreground, width));
  }
  replace(lines_, std::move(fresh));
}

void SurfaceBodies::colourBasins(const LandscapeData& data, const LandscapeStyle& style) {
  const bool on = showsBasins(data, style);
  const vtkSmartPointer<vtkTexture> texture = on ? basinTexture(data, style) : nullptr;
  for (const auto& actor : {fine_, coarse_}) {
    if (actor != nullptr) {
      actor->SetTexture(texture);
      actor->GetMapper()->SetScalarVisibility(!on);
    }
  }
}

void SurfaceBodies::buildBorders(const SurfaceShape& shape, const LandscapeData& data,
                                 const LandscapeStyle& style, double width) {
  Actors fresh;
  if (showsBasins(data, style)) {
    // Black between white: seen on every colour.
    fresh.push_back(lineActor(surfaceBorders(shape, *data.basins, 0.004), Qt::white, 2.6 * width));
    fresh.push_back(lineActor(surfaceBorders(shape, *data.basins, 0.006), Qt::black, width));
  }
  replace(borders_, std::move(fresh));
}

void SurfaceBodies::buildRuns(const SurfaceShape& shape, const LandscapeData& data,
                              const LandscapeStyle& style) {
  Actors fresh;
  for (std::size_t i = 0; style.trajectories && i < data.trajectories.size(); ++i) {
    const Trajectory& run = data.trajectories[i];
    if (run.points.empty()) {
      continue;
    }
    const auto& start = run.points.front();
    const auto& end = run.points.back();
    addRun(fresh,
           {surfaceRun(shape, run, kRunRadius), shape.above(start[0], start[1], kStartRadius),
            shape.above(end[0], end[1], kEndRadius)},
           runLook(i));
  }
  replace(runs_, std::move(fresh));
}

void SurfaceBodies::buildGlyphs(const SurfaceShape& shape, const LandscapeData& data,
                                const LandscapeStyle& style) {
  std::vector<CriticalPoint> critical;
  if (style.criticalPoints) {
    critical = criticalPoints(data.tree.get(), shape.grid().size());
  }
  const double radius = glyphRadius(critical.size());
  std::vector<Point3> minima;
  std::vector<Point3> saddles;
  for (const CriticalPoint& point : critical) {
    (point.minimum ? minima : saddles).push_back(shape.above(point.vertex, radius));
  }
  Actors fresh;
  addCriticalPoints(fresh, minima, saddles, radius);
  replace(glyphs_, std::move(fresh));
}

void SurfaceBodies::buildSelection(const SurfaceShape& shape, const LandscapeData& data,
                                   Theme theme, double width) {
  const bool onGrid = data.selection && *data.selection >= 0 &&
                      static_cast<std::size_t>(*data.selection) < shape.grid().size();
  if (!onGrid || !std::isfinite(shape.placeOf(*data.selection)[2])) {
    replace(selection_, {});
    return;
  }
  const Point3 at = shape.placeOf(*data.selection);
  const QColor colour = paletteOf(theme).selection;
  vtkNew<vtkLineSource> pole;
  pole->SetPoint1(at[0], at[1], at[2]);
  pole->SetPoint2(at[0], at[1], std::max(at[2] + 0.12, SurfaceShape::kHeight));
  pole->Update();
  replace(selection_, {bodyActor(glyphBody(Glyph::ball, {at}, 0.034), colour),
                       lineActor(pole->GetOutput(), colour, 2.0 * width)});
}

void SurfaceBodies::showMesh() {
  const bool useCoarse = moving_ && coarse_ != nullptr;
  if (fine_ != nullptr) {
    fine_->SetVisibility(!useCoarse);
  }
  if (coarse_ != nullptr) {
    coarse_->SetVisibility(useCoarse);
  }
}

void SurfaceBodies::setMoving(bool moving) {
  moving_ = moving;
  showMesh();
}

}  // namespace tarn::ui
