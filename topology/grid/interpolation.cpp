#include "topology/grid/interpolation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace tarn {
namespace {

constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();

/// Between two neighbours of an axis: the lower one, and how far the place is from it, 0 … 1.
struct Between {
  std::size_t low = 0;
  double share = 0;
};

bool locate(const std::vector<double>& coordinates, double value, Between& found) {
  if (!(value >= coordinates.front() && value <= coordinates.back())) {
    return false;
  }
  const auto above = std::ranges::upper_bound(coordinates, value);
  const auto high =
      std::min(static_cast<std::size_t>(above - coordinates.begin()), coordinates.size() - 1);
  found.low = high == 0 ? 0 : high - 1;
  const double width = coordinates[high] - coordinates[found.low];
  found.share = width > 0 ? (value - coordinates[found.low]) / width : 0;
  return true;
}

}  // namespace

double interpolateAt(const ScalarGrid& grid, std::span<const double> place) {
  if (place.size() != grid.dimension()) {
    return kNowhere;
  }
  // The corners of the cell with their weights, doubled axis by axis where both ends count.
  std::vector<std::pair<std::size_t, double>> corners{{0, 1.0}};
  for (std::size_t axis = 0; axis < place.size(); ++axis) {
    const auto& coordinates = grid.axes()[axis].coordinates;
    Between between;
    if (!locate(coordinates, place[axis], between)) {
      return kNowhere;
    }
    std::vector<std::pair<std::size_t, double>> next;
    for (const auto& [index, weight] : corners) {
      const std::size_t low = index * coordinates.size() + between.low;
      if (between.share < 1) {
        next.emplace_back(low, weight * (1 - between.share));
      }
      if (between.share > 0) {
        next.emplace_back(low + 1, weight * between.share);
      }
    }
    corners = std::move(next);
  }
  double sum = 0;
  for (const auto& [index, weight] : corners) {
    sum += weight * grid.value(static_cast<std::int64_t>(index));
  }
  return sum;
}

}  // namespace tarn
