#include "ui/scene/volume_data.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tarn::ui {

VolumeStyle through(VolumeStyle volume, const Slice& slice) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    volume.at[axis] = slice.at.at(axis);
  }
  return volume;
}

bool isVolume(const ScalarGrid& grid) {
  return grid.dimension() == 3 &&
         std::ranges::all_of(grid.shape(), [](std::size_t length) { return length > 1; });
}

double firstLevel(const ScalarGrid& grid) {
  std::vector<double> values;
  values.reserve(grid.size());
  std::ranges::copy_if(grid.values(), std::back_inserter(values),
                       [](double value) { return std::isfinite(value); });
  if (values.empty()) {
    return 0.0;
  }
  const auto fifth = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 5);
  std::ranges::nth_element(values, fifth);
  return *fifth;
}

std::vector<double> surfaceUnits(const HeightMap& heights, double level, int surfaces) {
  std::vector<double> units;
  const double top = heights.unit(level);
  for (int i = 1; i <= surfaces && top > 0.0 && top < 1.0; ++i) {
    units.push_back(top * i / surfaces);
  }
  return units;
}

double valueAt(const HeightMap& heights, double unit) {
  const double low = heights.low();
  const double high = heights.high();
  return heights.linear() ? low + unit * (high - low) : low * std::pow(high / low, unit);
}

}  // namespace tarn::ui
