#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace tarn::ui {

/// Values over a plane: values[j * x.size() + i] stands at (x[i], y[j]). NaN is unknown.
struct Plane {
  std::span<const double> x;
  std::span<const double> y;
  std::span<const double> values;
};

struct Polyline {
  std::vector<std::array<double, 2>> points;
  bool closed = false;  ///< the last point is joined to the first
};

/// Where the values equal the level, by marching squares with linear interpolation along the edges
/// (a cell whose corners alternate is decided by the mean of the four). Lines run with the higher
/// values on their left and end at the border and at cells with an unknown corner.
std::vector<Polyline> isoLines(const Plane& plane, double level);

/// The outline of {values ≥ level} within the cells whose corners are all known: closed lines, to
/// be filled by the even-odd rule. Neighbouring levels share their lines exactly, so that bands
/// painted one over the other leave no gaps.
std::vector<Polyline> isoRegion(const Plane& plane, double level);

/// Linear interpolation within a cell (bilinear); NaN outside the plane or where a corner is
/// unknown.
double interpolate(const Plane& plane, double x, double y);

}  // namespace tarn::ui
