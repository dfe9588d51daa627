#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "ui/scene/height_map.h"
#include "ui/scene/surface_shape.h"

namespace tarn::ui {

/// Where the points of a landscape of three axes stand in the scene: in a cube from −1 to 1. Its
/// first two axes are those of a plane, the first one y and the second x; the third goes up.
class VolumeShape {
 public:
  /// The axis of the grid along each direction of the scene.
  static constexpr std::array<std::size_t, 3> kAxisAlong = {1, 0, 2};
  /// And the direction of each axis.
  static constexpr std::array<std::size_t, 3> kDirectionOf = {1, 0, 2};

  using Index = std::array<std::size_t, 3>;  ///< along the scene's directions

  /// Throws Error(unsupported) when the grid has not three axes of two or more coordinates.
  VolumeShape(std::shared_ptr<const ScalarGrid> grid, HeightMap heights);

  const ScalarGrid& grid() const { return *grid_; }
  const HeightMap& heights() const { return heights_; }
  const std::vector<double>& coordinates(std::size_t direction) const {
    return grid_->axes()[kAxisAlong[direction]].coordinates;
  }
  /// How many points there are along each direction.
  const Index& size() const { return size_; }
  /// Heights from 0 to 1, those along x nearest to each other; NaN where there is no value.
  const std::vector<double>& units() const { return units_; }
  double unit(const Index& at) const {
    return units_[(at[2] * size_[1] + at[1]) * size_[0] + at[0]];
  }

  std::int64_t vertexAt(const Index& at) const;
  Index indexOf(std::int64_t vertex) const;
  double place(std::size_t direction, double coordinate) const;
  Point3 placeOf(const Index& at) const;
  /// Of a vertex; not finite where it has no value.
  Point3 placeOf(std::int64_t vertex) const;
  /// Of coordinates along the grid's axes.
  Point3 placeAt(const std::vector<double>& coordinates) const;

  /// Linear between the points; NaN outside the cube and in a cell with a corner of no value.
  double unitAt(const Point3& place) const;
  /// The vertex nearest to a place inside the cube; none when it has no value.
  std::optional<std::int64_t> nearestVertex(const Point3& place) const;

 private:
  std::shared_ptr<const ScalarGrid> grid_;
  HeightMap heights_;
  Index size_{};
  std::vector<double> units_;
};

/// A point of a line, from 0 to 1 along it.
Point3 pointOn(const Point3& from, const Point3& to, double t);

/// The part of a line that lies in the cube, from 0 to 1 along it; none when it passes it by.
std::optional<std::array<double, 2>> partInCube(const Point3& from, const Point3& to);

/// A line in the cube: the pieces of it that lie inside.
std::vector<std::vector<Point3>> piecesInCube(const std::vector<Point3>& line);

}  // namespace tarn::ui
