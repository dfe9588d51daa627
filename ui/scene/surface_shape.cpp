#include "ui/scene/surface_shape.h"

#include <algorithm>
#include <cmath>

#include "topology/base/error.h"

namespace tarn::ui {
namespace {

std::shared_ptr<const ScalarGrid> requirePlane(std::shared_ptr<const ScalarGrid> grid) {
  if (grid == nullptr || grid->dimension() != 2 || grid->shape()[0] < 2 || grid->shape()[1] < 2) {
    throw Error(ErrorCode::unsupported,
                "A surface needs a grid of two axes with two points or more along each.",
                "Choose a landscape along two directions.");
  }
  return grid;
}

std::int64_t nearest(const std::vector<double>& coordinates, double value) {
  const auto above = std::lower_bound(coordinates.begin(), coordinates.end(), value);
  if (above == coordinates.begin()) {
    return 0;
  }
  const auto below = above - 1;
  const bool up = above != coordinates.end() && *above - value < value - *below;
  return (up ? above : below) - coordinates.begin();
}

/// The part of a line that lies in the box of the scene.
struct LinePart {
  double start = 0.0;
  double end = 1.0;
  double at(std::size_t step, std::size_t steps) const {
    return start + (end - start) * static_cast<double>(step) / static_cast<double>(steps);
  }
};

std::optional<LinePart> partInBox(const Point3& from, const Point3& to) {
  LinePart part;
  const Point3 low = {-1.0, -1.0, -1e-6};
  const Point3 high = {1.0, 1.0, SurfaceShape::kHeight + 1e-6};
  for (std::size_t k = 0; k < 3; ++k) {
    const double slope = to[k] - from[k];
    double first = (low[k] - from[k]) / slope;
    double last = (high[k] - from[k]) / slope;
    if (slope == 0.0) {
      if (from[k] < low[k] || from[k] > high[k]) {
        return std::nullopt;
      }
      continue;
    }
    if (first > last) {
      std::swap(first, last);
    }
    part.start = std::max(part.start, first);
    part.end = std::min(part.end, last);
  }
  return part.start > part.end ? std::nullopt : std::optional(part);
}

/// How high a place of a line is over the surface, and the coordinates it is there at.
struct OverPlace {
  double x;
  double y;
  double height;
};

OverPlace heightOver(const SurfaceShape& shape, const Point3& from, const Point3& to, double t) {
  const auto coordinate = [&](const std::vector<double>& all, std::size_t k) {
    return all.front() + (all.back() - all.front()) *
                             std::clamp((from[k] + t * (to[k] - from[k]) + 1) / 2, 0.0, 1.0);
  };
  const double x = coordinate(shape.xs(), 0);
  const double y = coordinate(shape.ys(), 1);
  return {
      x, y,
      from[2] + t * (to[2] - from[2]) - SurfaceShape::kHeight * interpolate(shape.plane(), x, y)};
}

}  // namespace

SurfaceShape::SurfaceShape(std::shared_ptr<const ScalarGrid> grid, HeightScale scale,
                           std::optional<double> clip)
    : SurfaceShape{requirePlane(grid), HeightMap(grid->values(), scale, clip)} {}

SurfaceShape::SurfaceShape(std::shared_ptr<const ScalarGrid> grid, HeightMap heights)
    : grid_(requirePlane(std::move(grid))), heights_(heights) {
  units_.reserve(grid_->size());
  for (const double value : grid_->values()) {
    units_.push_back(heights_.unit(value));
  }
}

double SurfaceShape::place(const std::vector<double>& coordinates, double at) {
  return 2.0 * (at - coordinates.front()) / (coordinates.back() - coordinates.front()) - 1.0;
}

Point3 SurfaceShape::placeOf(std::int64_t vertex) const {
  const auto index = static_cast<std::size_t>(vertex);
  return {placeX(xs()[index % xs().size()]), placeY(ys()[index / xs().size()]),
          kHeight * units_[index]};
}

Point3 SurfaceShape::placeAt(double x, double y) const {
  return {placeX(x), placeY(y), kHeight * interpolate(plane(), x, y)};
}

std::int64_t SurfaceShape::nearestVertex(double x, double y) const {
  return nearest(ys(), y) * static_cast<std::int64_t>(xs().size()) + nearest(xs(), x);
}

double SurfaceShape::slope(double x, double y, double dx, double dy) const {
  const Point3 here = placeAt(x, y);
  const auto besides = [&](double sign) {
    const Point3 place = placeAt(x + sign * dx, y + sign * dy);
    return std::isfinite(place[2]) ? place : here;
  };
  const Point3 low = besides(-1.0);
  const Point3 high = besides(1.0);
  const double length = std::hypot(high[0] - low[0], high[1] - low[1]);
  return length > 0.0 ? (high[2] - low[2]) / length : 0.0;
}

Point3 SurfaceShape::above(double x, double y, double distance) const {
  const auto halfStep = [](const std::vector<double>& coordinates) {
    return (coordinates.back() - coordinates.front()) /
           static_cast<double>(2 * (coordinates.size() - 1));
  };
  const double alongX = slope(x, y, halfStep(xs()), 0.0);
  const double alongY = slope(x, y, 0.0, halfStep(ys()));
  const double scale = distance / std::sqrt(1.0 + alongX * alongX + alongY * alongY);
  const Point3 at = placeAt(x, y);
  return {at[0] - scale * alongX, at[1] - scale * alongY, at[2] + scale};
}

Point3 SurfaceShape::above(std::int64_t vertex, double distance) const {
  const auto index = static_cast<std::size_t>(vertex);
  return above(xs()[index % xs().size()], ys()[index / xs().size()], distance);
}

bool SurfaceShape::hides(const Point3& place, const Point3& viewer) const {
  const auto part = partInBox(viewer, place);
  if (!part) {
    return false;
  }
  // A ridge between two places of this many is too thin to hide anything.
  const auto steps =
      std::clamp(2 * std::max(xs().size(), ys().size()), std::size_t{64}, std::size_t{512});
  std::optional<bool> side;
  for (std::size_t i = 0; i <= steps; ++i) {
    const double height = heightOver(*this, viewer, place, part->at(i, steps)).height;
    if (std::isfinite(height)) {
      if (side && *side != (height > 0.0)) {
        return true;
      }
      side = height > 0.0;
    }
  }
  return false;
}

std::optional<std::int64_t> SurfaceShape::vertexOnLine(const Point3& from, const Point3& to) const {
  const auto part = partInBox(from, to);
  if (!part) {
    return std::nullopt;
  }
  const auto steps =
      std::clamp(4 * std::max(xs().size(), ys().size()), std::size_t{64}, std::size_t{8192});
  bool wasAbove = false;
  for (std::size_t i = 0; i <= steps; ++i) {
    const OverPlace over = heightOver(*this, from, to, part->at(i, steps));
    if (std::isfinite(over.height)) {
      if (over.height <= 0.0 && (wasAbove || i == 0)) {
        return nearestVertex(over.x, over.y);
      }
      wasAbove = over.height > 0.0;
    }
  }
  return std::nullopt;
}

}  // namespace tarn::ui
