#include "ui/scene/volume_bodies.h"

#include <algorithm>
#include <cmath>

#include <vtkPolyData.h>
#include <vtkProperty.h>

#include "ui/scene/critical_points.h"
#include "ui/scene/line_builder.h"

namespace tarn::ui {
namespace {

/// The opacity of the innermost surface and of the outermost one.
constexpr double kInner = 0.8;
constexpr double kOuter = 0.4;
/// In a cube, which is seen from farther off than a plane, bodies have to be larger.
constexpr double kLarger = 1.35;

/// What is seen through has to be lighter than the colour that it stands for, or the lowest values
/// are lost on a dark background.
QColor lighter(const Rgb& colour, Theme theme) {
  const int kept = theme == Theme::dark ? 65 : 85;  // percent of the way from white
  const auto part = [&](std::size_t i) { return 255 - (255 - colour[i]) * kept / 100; };
  return {part(0), part(1), part(2)};
}

/// The place, or none where it is outside.
Point3 inCube(const Point3& place) {
  return std::ranges::all_of(place, [](double along) { return std::abs(along) <= 1.0; })
             ? place
             : Point3{NAN, NAN, NAN};
}

}  // namespace

std::vector<Point3> wayOf(const VolumeShape& shape, const Trajectory& run) {
  std::vector<Point3> way;
  for (const auto& coordinates : run.coordinates) {
    if (coordinates.size() == 3) {
      way.push_back(shape.placeAt(coordinates));
    }
  }
  return way;
}

void VolumeBodies::buildWalls(const VolumeShape& shape, Theme theme, double width) {
  Actors fresh;
  for (std::size_t direction = 0; direction < 3; ++direction) {
    for (const bool upper : {false, true}) {
      fresh.push_back(lineActor(cubeWall(shape, direction, upper), paletteOf(theme).grid, width));
    }
  }
  replace(walls_, std::move(fresh));
}

void VolumeBodies::showWalls(const Point3& viewer) {
  for (std::size_t i = 0; i < walls_.size(); ++i) {
    const double at = viewer[i / 2];
    walls_[i]->SetVisibility(i % 2 == 0 ? at > -1.0 : at < 1.0);
  }
}

void VolumeBodies::buildSurfaces(const IsoSurfaces& surfaces, const std::vector<double>& units,
                                 const LandscapeStyle& style) {
  const ColourMap colours(style.colourMap, style.reverseColours);
  Actors fresh;
  for (std::size_t i = 0; i < units.size(); ++i) {
    auto actor = bodyActor(surfaces.at(units[i]), lighter(colours.at(units[i]), style.theme));
    const double outwards =
        units.size() > 1 ? static_cast<double>(i) / static_cast<double>(units.size() - 1) : 0.5;
    vtkProperty* look = actor->GetProperty();
    look->SetOpacity(kInner + outwards * (kOuter - kInner));
    look->SetInterpolationToPhong();
    look->SetAmbient(0.35);
    look->SetDiffuse(0.65);
    look->SetSpecular(0.35);
    fresh.push_back(actor);
  }
  replace(surfaces_, std::move(fresh));
}

void VolumeBodies::buildSlices(const VolumeShape& shape, const SlicePlaces& at,
                               const LandscapeStyle& style, double width) {
  const ColourMap colours(style.colourMap, style.reverseColours);
  const auto table = lookupTable(colours);
  const Palette palette = paletteOf(style.theme);
  Actors fresh;
  for (std::size_t direction = 0; direction < 3; ++direction) {
    if (!at[direction]) {
      continue;
    }
    auto mesh = meshActor(sliceMesh(shape, direction, *at[direction]), table);
    mesh->GetProperty()->LightingOff();
    fresh.push_back(mesh);
    fresh.push_back(
        lineActor(sliceBorder(shape, direction, *at[direction]), palette.foreground, width));
    if (style.contours) {
      fresh.push_back(
          lineActor(sliceIsoLines(shape, direction, *at[direction], colours, style.levels),
                    palette.foreground, width));
    }
  }
  replace(slices_, std::move(fresh));
}

void VolumeBodies::buildRuns(const VolumeShape& shape, const LandscapeData& data,
                             const LandscapeStyle& style) {
  Actors fresh;
  for (std::size_t i = 0; style.trajectories && i < data.trajectories.size(); ++i) {
    const auto way = wayOf(shape, data.trajectories[i]);
    if (!way.empty()) {
      addRun(fresh, {piecesInCube(way), inCube(way.front()), inCube(way.back())}, runLook(i));
    }
  }
  replace(runs_, std::move(fresh));
}

void VolumeBodies::buildGlyphs(const VolumeShape& shape, const LandscapeData& data,
                               const LandscapeStyle& style) {
  std::vector<CriticalPoint> critical;
  if (style.criticalPoints) {
    critical = criticalPoints(data.tree.get(), shape.grid().size());
  }
  std::vector<Point3> minima;
  std::vector<Point3> saddles;
  for (const CriticalPoint& point : critical) {
    (point.minimum ? minima : saddles).push_back(shape.placeOf(point.vertex));
  }
  Actors fresh;
  addCriticalPoints(fresh, minima, saddles, kLarger * glyphRadius(critical.size()));
  replace(glyphs_, std::move(fresh));
}

void VolumeBodies::buildSelection(const VolumeShape& shape, const LandscapeData& data, Theme theme,
                                  double width) {
  const bool onGrid = data.selection && *data.selection >= 0 &&
                      static_cast<std::size_t>(*data.selection) < shape.grid().size();
  if (!onGrid || !std::isfinite(shape.placeOf(*data.selection)[2])) {
    replace(selection_, {});
    return;
  }
  const Point3 at = shape.placeOf(*data.selection);
  const QColor colour = paletteOf(theme).selection;
  // Lines to the walls say where in the cube it is.
  LineBuilder lines;
  for (std::size_t k = 0; k < 3; ++k) {
    Point3 from = at;
    Point3 to = at;
    from[k] = -1.0;
    to[k] = 1.0;
    lines.add({from, to});
  }
  replace(selection_, {bodyActor(glyphBody(Glyph::ball, {at}, kLarger * 0.034), colour),
                       lineActor(lines.build(), colour, 1.5 * width)});
}

}  // namespace tarn::ui
