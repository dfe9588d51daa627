#pragma once

#include <cstddef>
#include <cstdint>
#include <format>
#include <vector>

#include "topology/base/error.h"
#include "topology/grid/scalar_grid.h"

namespace tarn {

/// From where to where an axis goes; θ is at 0.
struct AxisReach {
  double from = 0;
  double to = 0;
};

/// One value for each axis, of one for all of them or one each. Throws Error(usage), which names
/// the option.
template <typename Value>
std::vector<Value> perAxis(const std::vector<Value>& given, std::size_t axes, const char* option) {
  if (given.size() == 1) {
    return std::vector<Value>(axes, given.front());
  }
  if (given.size() != axes) {
    throw Error(ErrorCode::usage,
                std::format("{} has {} values for {} axes.", option, given.size(), axes),
                "Give one value for all axes, or one for each.");
  }
  return given;
}

/// The number of points of a grid with these steps. Throws Error(usage) for more than a landscape
/// may have (the number is said), and for an axis without any.
double refuseAbsurd(const std::vector<std::uint64_t>& steps);

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
