#include "ui/scene/volume_ray.h"

#include <algorithm>
#include <cmath>

namespace tarn::ui {

std::optional<Point3> firstSeen(const VolumeShape& shape, const SlicePlaces& slices,
                                std::span<const double> units, const Point3& from,
                                const Point3& to) {
  const auto part = partInCube(from, to);
  if (!part) {
    return std::nullopt;
  }
  double first = INFINITY;
  for (std::size_t direction = 0; direction < 3; ++direction) {
    if (slices[direction] && from[direction] != to[direction]) {
      const double place = shape.place(direction, shape.coordinates(direction)[*slices[direction]]);
      const double t = (place - from[direction]) / (to[direction] - from[direction]);
      if (t >= (*part)[0] && t <= (*part)[1] && std::isfinite(shape.unitAt(pointOn(from, to, t)))) {
        first = std::min(first, t);
      }
    }
  }
  const auto& size = shape.size();
  const std::size_t steps = std::clamp<std::size_t>(2 * (size[0] + size[1] + size[2]), 64, 2048);
  double before = NAN;
  for (std::size_t i = 0; i <= steps && !units.empty(); ++i) {
    const double t = (*part)[0] + ((*part)[1] - (*part)[0]) * static_cast<double>(i) /
                                      static_cast<double>(steps);
    if (t >= first) {
      break;
    }
    const double now = shape.unitAt(pointOn(from, to, t));
    const bool crossed =
        std::ranges::any_of(units, [&](double unit) { return (before < unit) != (now < unit); });
    if (crossed && std::isfinite(before) && std::isfinite(now)) {
      first = t;
      break;
    }
    before = now;
  }
  return std::isfinite(first) ? std::optional(pointOn(from, to, first)) : std::nullopt;
}

}  // namespace tarn::ui
