#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/scene/landscape_data.h"

namespace tarn::ui {

/// Two axes of a landscape of three or more that are shown, and a place along all of them: the
/// others are held there.
struct Slice {
  std::size_t x = 1;  ///< axes of the grid, by their number from 0
  std::size_t y = 0;
  std::vector<std::size_t> at;  ///< for every axis of the grid an index along it

  bool shows(std::size_t axis) const { return axis == x || axis == y; }
  bool operator==(const Slice&) const = default;
};

/// The first two axes that have two points or more, the first of them upwards; the others are held
/// at the point nearest to 0, where the model is, or in the middle where 0 is not inside.
Slice firstSlice(const ScalarGrid& grid);

/// Whether it is a slice of that grid.
bool fits(const Slice& slice, const ScalarGrid& grid);
/// Whether two slices of one grid show the same points in the same way.
bool samePlane(const Slice& a, const Slice& b);

/// The points of a slice: the last axis is the slice's x, the first its y.
ScalarGrid slicedGrid(const ScalarGrid& whole, const Slice& slice);
/// The vertex of the whole grid that a vertex of the slice is.
std::int64_t vertexOfWhole(const ScalarGrid& whole, const Slice& slice, std::int64_t vertex);
/// The vertex of the slice that a vertex of the whole grid is; none when it lies elsewhere.
std::optional<std::int64_t> vertexOfSlice(const ScalarGrid& whole, const Slice& slice,
                                          std::int64_t vertex);

/// What surface and contour plot show of a landscape of three or more axes: the points of the slice
/// at the heights of the whole, the basins of the whole that it cuts, the minima and saddles of the
/// whole that lie in it (the nodes of the tree that do not have no vertex), the selection when it
/// lies in it, and the runs projected on the slice's axes. `grid`: that of the slice when it is
/// there already.
LandscapeData slicedLandscape(const LandscapeData& whole, const Slice& slice,
                              std::shared_ptr<const ScalarGrid> grid = nullptr);

/// A slice in words: its axes, and the coordinates along the others; axes are counted from 1.
struct SliceChoice {
  std::optional<std::array<std::size_t, 2>> axes;  ///< x, y
  std::vector<std::pair<std::size_t, double>> at;  ///< axis, coordinate

  bool operator==(const SliceChoice&) const = default;
};

/// The slice through the grid's points that are nearest to the coordinates; what is not said is as
/// in firstSlice. Throws Error(usage) for axes that the grid does not have.
Slice sliceOf(const ScalarGrid& grid, const SliceChoice& choice);
/// The shortest choice that gives the slice.
SliceChoice choiceOf(const ScalarGrid& grid, const Slice& slice);
/// The shortest one that gives its place along all axes, whichever two are shown.
SliceChoice placesOf(const ScalarGrid& grid, const Slice& slice);

}  // namespace tarn::ui
