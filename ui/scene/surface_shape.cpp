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

}  // namespace

SurfaceShape::SurfaceShape(std::shared_ptr<const ScalarGrid> grid, HeightScale scale,
                           std::optional<double> clip)
    : grid_(requirePlane(std::move(grid))), heights_(grid_->values(), scale, clip) {
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

std::optional<std::int64_t> SurfaceShape::vertexOnLine(const Point3& from, const Point3& to) const {
  double start = 0.0;
  double end = 1.0;
  const Point3 low = {-1.0, -1.0, -1e-6};
  const Point3 high = {1.0, 1.0, kHeight + 1e-6};
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
    start = std::max(start, first);
    end = std::min(end, last);
  }
  if (start > end) {
    return std::nullopt;
  }
  const auto steps =
      std::clamp(4 * std::max(xs().size(), ys().size()), std::size_t{64}, std::size_t{8192});
  const Plane heights = plane();
  bool wasAbove = false;
  for (std::size_t i = 0; i <= steps; ++i) {
    const double t = start + (end - start) * static_cast<double>(i) / static_cast<double>(steps);
    const double x =
        xs().front() + (xs().back() - xs().front()) *
                           std::clamp((from[0] + t * (to[0] - from[0]) + 1) / 2, 0.0, 1.0);
    const double y =
        ys().front() + (ys().back() - ys().front()) *
                           std::clamp((from[1] + t * (to[1] - from[1]) + 1) / 2, 0.0, 1.0);
    const double above = from[2] + t * (to[2] - from[2]) - kHeight * interpolate(heights, x, y);
    if (std::isfinite(above)) {
      if (above <= 0.0 && (wasAbove || i == 0)) {
        return nearestVertex(x, y);
      }
      wasAbove = above > 0.0;
    }
  }
  return std::nullopt;
}

}  // namespace tarn::ui
