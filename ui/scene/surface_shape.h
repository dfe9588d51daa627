#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "ui/figures/iso_lines.h"
#include "ui/scene/height_map.h"
#include "ui/scene/style.h"

namespace tarn::ui {

using Point3 = std::array<double, 3>;

/// Where a landscape stands in the scene: x and y from -1 to 1, height from 0 to kHeight.
class SurfaceShape {
 public:
  static constexpr double kHeight = 0.85;
  /// The height of the floor, a little below everything.
  static constexpr double kFloor = -0.02;

  /// Throws Error(unsupported) when the grid has not two axes of two or more coordinates.
  SurfaceShape(std::shared_ptr<const ScalarGrid> grid, HeightMap heights);
  /// With the heights of the grid's own values.
  SurfaceShape(std::shared_ptr<const ScalarGrid> grid, HeightScale scale,
               std::optional<double> clip);

  const ScalarGrid& grid() const { return *grid_; }
  const HeightMap& heights() const { return heights_; }
  const std::vector<double>& xs() const { return grid_->axes()[1].coordinates; }
  const std::vector<double>& ys() const { return grid_->axes()[0].coordinates; }
  /// Heights from 0 to 1 over the grid's coordinates; NaN where there is no value.
  Plane plane() const { return {xs(), ys(), units_}; }

  double placeX(double x) const { return place(xs(), x); }
  double placeY(double y) const { return place(ys(), y); }
  /// On the surface; the height is NaN where there is none.
  Point3 placeOf(std::int64_t vertex) const;
  Point3 placeAt(double x, double y) const;
  /// So far off the surface, along its normal: where a body of that radius rests on it.
  Point3 above(double x, double y, double distance) const;
  Point3 above(std::int64_t vertex, double distance) const;

  /// Whether the surface stands between a place and a viewer of it.
  bool hides(const Point3& place, const Point3& viewer) const;
  /// The vertex nearest to where a line first meets the surface.
  std::optional<std::int64_t> vertexOnLine(const Point3& from, const Point3& to) const;

 private:
  static double place(const std::vector<double>& coordinates, double at);
  std::int64_t nearestVertex(double x, double y) const;
  double slope(double x, double y, double dx, double dy) const;

  std::shared_ptr<const ScalarGrid> grid_;
  HeightMap heights_;
  std::vector<double> units_;
};

}  // namespace tarn::ui
