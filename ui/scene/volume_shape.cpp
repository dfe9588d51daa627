#include "ui/scene/volume_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "topology/base/error.h"
#include "ui/scene/volume_data.h"

namespace tarn::ui {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<const ScalarGrid> requireVolume(std::shared_ptr<const ScalarGrid> grid) {
  if (grid == nullptr || !isVolume(*grid)) {
    throw Error(ErrorCode::unsupported,
                "A volume needs a grid of three axes with two points or more along each.",
                "Choose a landscape along three directions.");
  }
  return grid;
}

/// Where a coordinate lies between the points of an axis.
struct Between {
  std::size_t low;
  double part;  ///< of the way to the next point
};

std::optional<Between> between(const std::vector<double>& coordinates, double at) {
  if (!(at >= coordinates.front()) || !(at <= coordinates.back())) {
    return std::nullopt;
  }
  const auto above = std::upper_bound(coordinates.begin(), coordinates.end() - 1, at);
  const auto low = static_cast<std::size_t>(above - coordinates.begin()) - 1;
  return Between{low, (at - coordinates[low]) / (coordinates[low + 1] - coordinates[low])};
}

double coordinateAt(const std::vector<double>& coordinates, double place) {
  return std::clamp(
      coordinates.front() + (coordinates.back() - coordinates.front()) * (place + 1.0) / 2.0,
      coordinates.front(), coordinates.back());
}

}  // namespace

VolumeShape::VolumeShape(std::shared_ptr<const ScalarGrid> grid, HeightMap heights)
    : grid_(requireVolume(std::move(grid))), heights_(heights) {
  for (std::size_t direction = 0; direction < 3; ++direction) {
    size_[direction] = coordinates(direction).size();
  }
  units_.reserve(grid_->size());
  for (Index at{}; at[2] < size_[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size_[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size_[0]; ++at[0]) {
        units_.push_back(heights_.unit(grid_->value(vertexAt(at))));
      }
    }
  }
}

std::int64_t VolumeShape::vertexAt(const Index& at) const {
  const auto& shape = size_;
  return static_cast<std::int64_t>((at[1] * shape[0] + at[0]) * shape[2] + at[2]);
}

VolumeShape::Index VolumeShape::indexOf(std::int64_t vertex) const {
  const auto indices = grid_->indices(vertex);
  return {indices[kAxisAlong[0]], indices[kAxisAlong[1]], indices[kAxisAlong[2]]};
}

double VolumeShape::place(std::size_t direction, double coordinate) const {
  const auto& all = coordinates(direction);
  return 2.0 * (coordinate - all.front()) / (all.back() - all.front()) - 1.0;
}

Point3 VolumeShape::placeOf(const Index& at) const {
  Point3 place{};
  for (std::size_t k = 0; k < 3; ++k) {
    place[k] = this->place(k, coordinates(k)[at[k]]);
  }
  return place;
}

Point3 VolumeShape::placeOf(std::int64_t vertex) const {
  const Index at = indexOf(vertex);
  return std::isfinite(unit(at)) ? placeOf(at) : Point3{kUnknown, kUnknown, kUnknown};
}

Point3 VolumeShape::placeAt(const std::vector<double>& coordinates) const {
  Point3 place{};
  for (std::size_t k = 0; k < 3; ++k) {
    place[k] = this->place(k, coordinates[kAxisAlong[k]]);
  }
  return place;
}

double VolumeShape::unitAt(const Point3& place) const {
  std::array<Between, 3> in{};
  for (std::size_t k = 0; k < 3; ++k) {
    if (std::abs(place[k]) > 1.0 + 1e-9) {
      return kUnknown;
    }
    const auto cell = between(coordinates(k), coordinateAt(coordinates(k), place[k]));
    if (!cell) {
      return kUnknown;
    }
    in[k] = *cell;
  }
  double sum = 0.0;
  for (std::size_t corner = 0; corner < 8; ++corner) {
    double weight = 1.0;
    Index at{};
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t up = corner >> k & 1U;
      weight *= up != 0 ? in[k].part : 1.0 - in[k].part;
      at[k] = in[k].low + up;
    }
    sum += weight * unit(at);  // NaN even where the weight is 0
  }
  return sum;
}

std::optional<std::int64_t> VolumeShape::nearestVertex(const Point3& place) const {
  Index at{};
  for (std::size_t k = 0; k < 3; ++k) {
    const auto& all = coordinates(k);
    const double wanted = coordinateAt(all, place[k]);
    const auto nearest =
        std::ranges::min_element(all, {}, [&](double one) { return std::abs(one - wanted); });
    at[k] = static_cast<std::size_t>(nearest - all.begin());
  }
  return std::isfinite(unit(at)) ? std::optional(vertexAt(at)) : std::nullopt;
}

Point3 pointOn(const Point3& from, const Point3& to, double t) {
  return {from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]),
          from[2] + t * (to[2] - from[2])};
}

std::optional<std::array<double, 2>> partInCube(const Point3& from, const Point3& to) {
  std::array<double, 2> part{0.0, 1.0};
  for (std::size_t k = 0; k < 3; ++k) {
    const double slope = to[k] - from[k];
    if (slope == 0.0) {
      if (std::abs(from[k]) > 1.0) {
        return std::nullopt;
      }
      continue;
    }
    const double first = (-1.0 - from[k]) / slope;
    const double last = (1.0 - from[k]) / slope;
    part[0] = std::max(part[0], std::min(first, last));
    part[1] = std::min(part[1], std::max(first, last));
  }
  return part[0] > part[1] ? std::nullopt : std::optional(part);
}

std::vector<std::vector<Point3>> piecesInCube(const std::vector<Point3>& line) {
  std::vector<std::vector<Point3>> pieces;
  bool joined = false;  // the last step ended where this one begins
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Point3& from = line[i - 1];
    const Point3& to = line[i];
    if (from == to) {
      continue;
    }
    const auto part = partInCube(from, to);
    if (!part) {
      joined = false;
      continue;
    }
    if (!joined) {
      pieces.push_back({pointOn(from, to, (*part)[0])});
    }
    pieces.back().push_back(pointOn(from, to, (*part)[1]));
    joined = (*part)[1] == 1.0;
  }
  return pieces;
}

}  // namespace tarn::ui
