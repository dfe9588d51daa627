#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <format>
#include <optional>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/io/nd_array.h"

/// The small parts that every exported result is made of.
namespace tarn::app {

/// The shortest text that is read back as the same number; empty where it is undefined.
inline std::string text(double value) {
  return std::isnan(value) ? "" : std::format("{}", value);
}
inline std::string text(const std::optional<double>& value) {
  return value ? text(*value) : "";
}
inline std::string text(std::integral auto value) {
  return std::to_string(value);
}

inline NdArray doubles(const std::vector<double>& values) {
  return NdArray::fromDoubles({values.size()}, values);
}
inline NdArray integers(const std::vector<std::int64_t>& values) {
  return NdArray::fromInt64({values.size()}, values);
}

/// The coordinates of a vertex on the axes of its grid.
inline std::vector<double> placeOf(const ScalarGrid& grid, std::int64_t vertex) {
  const auto indices = grid.indices(vertex);
  std::vector<double> place;
  for (std::size_t axis = 0; axis < indices.size(); ++axis) {
    place.push_back(grid.axes()[axis].coordinates[indices[axis]]);
  }
  return place;
}

/// A position in steps, in the axes' own coordinates.
inline std::vector<double> coordinatesAt(const ScalarGrid& grid,
                                         const std::vector<double>& position) {
  std::vector<double> result;
  for (std::size_t axis = 0; axis < position.size(); ++axis) {
    const auto& coordinates = grid.axes()[axis].coordinates;
    const auto below = static_cast<std::size_t>(position[axis]);
    const std::size_t above = std::min(below + 1, coordinates.size() - 1);
    result.push_back(std::lerp(coordinates[below], coordinates[above],
                               position[axis] - static_cast<double>(below)));
  }
  return result;
}

inline std::vector<std::string> axisNames(const ScalarGrid& grid) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < grid.dimension(); ++i) {
    names.push_back("axis." + std::to_string(i));
  }
  return names;
}

inline std::vector<std::string> placeTexts(const ScalarGrid& grid, std::int64_t vertex) {
  std::vector<std::string> texts;
  for (const double coordinate : placeOf(grid, vertex)) {
    texts.push_back(text(coordinate));
  }
  return texts;
}

inline std::vector<std::string> joined(std::vector<std::string> first,
                                       const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace tarn::app
