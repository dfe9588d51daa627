#include "engine/project/tile_layout.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace tarn {

namespace {

/// Of the first level on the longest axis; 0 when that is no such number.
std::uint64_t coarsestIntervalsOf(const StoredLandscape& landscape) {
  const auto& request = landscape.request;
  if (!request.is_object() || !request.contains("coarsest_intervals")) {
    return TileOrder::usualIntervals;
  }
  const auto& value = request.at("coarsest_intervals");
  if (!value.is_number_integer() || value < 1 || value > TileOrder::mostIntervals) {
    return 0;
  }
  return value.get<std::uint64_t>();
}

constexpr std::size_t kMaxAxes = 32;

bool isIncreasing(const std::vector<double>& coordinates) {
  const auto isFinite = [](double x) { return std::isfinite(x); };
  return !coordinates.empty() && std::all_of(coordinates.begin(), coordinates.end(), isFinite) &&
         std::adjacent_find(coordinates.begin(), coordinates.end(), std::greater_equal<>()) ==
             coordinates.end();
}

}  // namespace

std::optional<std::uint64_t> pointCount(const std::vector<Axis>& axes) {
  std::uint64_t points = 1;
  for (const Axis& axis : axes) {
    if (axis.coordinates.size() > TileOrder::maximumPoints / points) {
      return std::nullopt;
    }
    points *= axis.coordinates.size();
  }
  return points;
}

std::string faultOf(const StoredLandscape& landscape) {
  const std::set<std::string> names(landscape.quantities.begin(), landscape.quantities.end());
  if (names.empty() || names.size() != landscape.quantities.size()) {
    return "its quantities are missing or named twice";
  }
  if (landscape.axes.empty() || landscape.axes.size() > kMaxAxes) {
    return "it has " + std::to_string(landscape.axes.size()) + " axes";
  }
  const auto increasing = [](const Axis& axis) { return isIncreasing(axis.coordinates); };
  if (!std::all_of(landscape.axes.begin(), landscape.axes.end(), increasing)) {
    return "the coordinates of an axis are not increasing numbers";
  }
  if (!pointCount(landscape.axes)) {
    return "it has more than " + std::to_string(TileOrder::maximumPoints) + " points";
  }
  if (landscape.tilePoints < 1 || landscape.tilePoints > kMaxTilePoints) {
    return "its tiles have " + std::to_string(landscape.tilePoints) + " points";
  }
  if (coarsestIntervalsOf(landscape) == 0) {
    return "the intervals of its first level are no number from 1 to " +
           std::to_string(TileOrder::mostIntervals);
  }
  return {};
}

TileOrder orderOf(const StoredLandscape& landscape) {
  const auto shape = landscape.shape();
  return {{shape.begin(), shape.end()}, landscape.tilePoints, coarsestIntervalsOf(landscape)};
}

std::uint64_t tileCount(const StoredLandscape& landscape) {
  const std::uint64_t points = pointCount(landscape.axes).value_or(0);
  return (points + landscape.tilePoints - 1) / landscape.tilePoints;
}

std::uint64_t pointsInTile(const StoredLandscape& landscape, std::uint64_t tile) {
  if (tile >= tileCount(landscape)) {
    return 0;
  }
  const std::uint64_t before = tile * landscape.tilePoints;
  return std::min(landscape.tilePoints, *pointCount(landscape.axes) - before);
}

}  // namespace tarn
