#pragma once

#include <array>
#include <optional>
#include <span>

#include "ui/scene/volume_shape.h"

namespace tarn::ui {

/// The points at which slices lie along the scene's directions; none where there is no slice.
using SlicePlaces = std::array<std::optional<std::size_t>, 3>;

/// Where a line of sight first meets a slice or an iso-surface (of heights from 0 to 1); none when
/// it meets none, or nothing that has a value.
std::optional<Point3> firstSeen(const VolumeShape& shape, const SlicePlaces& slices,
                                std::span<const double> units, const Point3& from,
                                const Point3& to);

}  // namespace tarn::ui
