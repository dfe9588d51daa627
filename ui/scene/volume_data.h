#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "ui/scene/slice.h"

namespace tarn::ui {

/// What of a landscape of three axes is shown inside, beside its LandscapeStyle.
struct VolumeStyle {
  std::optional<double> level;  ///< the value of the outermost iso-surface; none: firstLevel
  int surfaces = 3;             ///< so many, one in the other; 0: none
  std::array<bool, 3> slices{true, true,
                             true};  ///< by axis of the grid: cut at a right angle to it
  std::array<std::size_t, 3> at{};   ///< the points of the axes at which they lie

  bool operator==(const VolumeStyle&) const = default;
};

constexpr int kMostSurfaces = 8;

/// With slices where a slice of the landscape lies.
VolumeStyle through(VolumeStyle volume, const Slice& slice);

/// Whether a grid has three axes with two points or more along each.
bool isVolume(const ScalarGrid& grid);

/// The value that a fifth of the points do not exceed; 0 without a value.
double firstLevel(const ScalarGrid& grid);

/// The heights of the iso-surfaces, from 0 to 1, the innermost first: evenly spaced up to that of
/// the level. None that holds nothing or everything.
std::vector<double> surfaceUnits(const HeightMap& heights, double level, int surfaces);

/// The value at a height from 0 to 1.
double valueAt(const HeightMap& heights, double unit);

}  // namespace tarn::ui
