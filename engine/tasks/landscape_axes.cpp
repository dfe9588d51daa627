#include "engine/tasks/landscape_axes.h"

#include <algorithm>
#include <cmath>

#include "engine/protocol/tile_order.h"

namespace tarn {
namespace {

void requireTwoPoints(const std::vector<double>& coordinates) {
  if (coordinates.size() < 2) {
    throw Error(ErrorCode::usage,
                "An axis of one point has no steps: it can be neither extended nor refined.",
                "Sample a new landscape with more --steps.");
  }
}

/// Where the other axis has each coordinate; −1: nowhere.
std::vector<std::int64_t> placesOnAxis(const std::vector<double>& coordinates,
                                       const std::vector<double>& other) {
  std::vector<std::int64_t> places;
  for (const double x : coordinates) {
    const auto found = std::lower_bound(other.begin(), other.end(), x);
    places.push_back(found != other.end() && *found == x ? found - other.begin() : -1);
  }
  return places;
}

}  // namespace

double refuseAbsurd(const std::vector<std::uint64_t>& steps) {
  constexpr auto most = static_cast<double>(TileOrder::maximumPoints);
  double points = 1;
  for (const std::uint64_t n : steps) {
    if (n == 0) {
      throw Error(ErrorCode::usage, "An axis with 0 steps has no points.", "Use 41, for example.");
    }
    points *= static_cast<double>(n);
  }
  if (points > most) {
    throw Error(
        ErrorCode::usage,
        std::format("This grid would have {:.3g} points; the most is {:.3g}.", points, most),
        "Use fewer --steps or fewer directions.");
  }
  return points;
}

std::vector<double> axisCoordinates(double halfWidth, std::uint64_t steps) {
  std::vector<double> coordinates(steps, 0.0);
  const auto last = static_cast<double>(steps - 1);
  for (std::uint64_t i = 0; i < steps && steps > 1; ++i) {
    coordinates[i] = halfWidth * ((2.0 * static_cast<double>(i) - last) / last);
  }
  return coordinates;
}

std::vector<double> axisCoordinates(const AxisReach& reach, std::uint64_t steps) {
  if (steps <= 1 || reach.from == -reach.to) {
    return axisCoordinates(reach.to, steps);
  }
  const double step = (reach.to - reach.from) / static_cast<double>(steps - 1);
  const bool hasZero = reach.from <= 0 && reach.to >= 0;
  const double zero = hasZero ? std::round(-reach.from / step) : -reach.from / step;
  std::vector<double> coordinates;
  for (std::uint64_t i = 0; i < steps; ++i) {
    coordinates.push_back((static_cast<double>(i) - zero) * step);
  }
  return coordinates;
}

std::vector<double> extended(const std::vector<double>& coordinates, std::uint64_t each) {
  requireTwoPoints(coordinates);
  const double step =
      (coordinates.back() - coordinates.front()) / static_cast<double>(coordinates.size() - 1);
  std::vector<double> result;
  for (auto i = each; i > 0; --i) {
    result.push_back(coordinates.front() - static_cast<double>(i) * step);
  }
  result.insert(result.end(), coordinates.begin(), coordinates.end());
  for (std::uint64_t i = 1; i <= each; ++i) {
    result.push_back(coordinates.back() + static_cast<double>(i) * step);
  }
  return result;
}

std::vector<double> refined(const std::vector<double>& coordinates, std::uint64_t factor) {
  if (factor == 0) {
    throw Error(ErrorCode::usage, "An axis cannot be refined by a factor of 0.",
                "Write 2 to halve its steps.");
  }
  requireTwoPoints(coordinates);
  const auto intervals = coordinates.size() - 1;
  if (coordinates == axisCoordinates(coordinates.back(), intervals + 1)) {
    // As the finer axis is made. It has these coordinates to the bit when the factor is a power of
    // two, often otherwise.
    auto finer = axisCoordinates(coordinates.back(), intervals * factor + 1);
    bool same = true;
    for (std::size_t i = 0; i <= intervals; ++i) {
      same = same && finer[i * factor] == coordinates[i];
    }
    if (same) {
      return finer;
    }
  }
  std::vector<double> result;
  for (std::size_t i = 0; i < intervals; ++i) {
    const double width = coordinates[i + 1] - coordinates[i];
    for (std::uint64_t j = 0; j < factor; ++j) {
      result.push_back(coordinates[i] +
                       width * (static_cast<double>(j) / static_cast<double>(factor)));
    }
  }
  result.push_back(coordinates.back());
  return result;
}

std::vector<std::int64_t> placesIn(const std::vector<Axis>& axes, const std::vector<Axis>& other) {
  std::vector<std::int64_t> places{0};
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const bool there = axis < other.size();
    const std::vector<double> center{0.0};
    const auto& theirs = there ? other[axis].coordinates : center;
    const auto here = placesOnAxis(axes[axis].coordinates, theirs);
    const auto extent = static_cast<std::int64_t>(theirs.size());
    std::vector<std::int64_t> next;
    next.reserve(places.size() * here.size());
    for (const auto before : places) {
      for (const auto place : here) {
        next.push_back(before < 0 || place < 0 ? -1 : before * extent + place);
      }
    }
    places = std::move(next);
  }
  return places;
}

}  // namespace tarn
