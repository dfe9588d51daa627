#pragma once

#include <cstdint>
#include <vector>

#include "topology/grid/scalar_grid.h"

namespace tarn {

/// From where to where an axis goes; θ is at 0.
struct AxisReach {
  double from = 0;
  double to = 0;
};

/// The n coordinates of an axis: symmetric about 0, which is one of them when n is odd.
std::vector<double> axisCoordinates(double halfWidth, std::uint64_t steps);
/// The same for any range. When it holds 0, 0 is one of the coordinates: then the ends may move by
/// half a step. Takes 0 alone for one step.
std::vector<double> axisCoordinates(const AxisReach& reach, std::uint64_t steps);

/// The coordinates and `each` more at either end, as far apart as they are on average. Throws
/// Error(usage) for an axis of one point.
std::vector<double> extended(const std::vector<double>& coordinates, std::uint64_t each);
/// The coordinates and factor − 1 more between any two. Throws Error(usage) for an axis of one
/// point or a factor of 0.
std::vector<double> refined(const std::vector<double>& coordinates, std::uint64_t factor);

/// For every point of a grid, where another grid has it: the C-order index there, or −1. The other
/// grid has the first of the axes; it lies at 0 of the rest. Coordinates are compared to the bit.
std::vector<std::int64_t> placesIn(const std::vector<Axis>& axes, const std::vector<Axis>& other);

}  // namespace tarn
