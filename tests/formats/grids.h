#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "engine/client/grid_file.h"
#include "support/optional_data.h"
#include "topology/io/grid_io.h"

namespace tarn::test {

/// Axes that are not 0, 1, 2, … and differ in length; the values tell their place.
inline ScalarGrid smallGrid() {
  std::vector<double> values;
  for (int i = 0; i < 3 * 5; ++i) {
    values.push_back(1.0 / (1 + i));
  }
  values[7] = std::numeric_limits<double>::quiet_NaN();
  return {{{{-1.0, 0.0, 1.0}, {}, {}}, {{0.5, 1.0, 1.5, 2.0, 2.5}, {}, {}}}, std::move(values)};
}

/// Equal bit by bit, NaN equal to NaN.
inline bool sameNumbers(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](double x, double y) {
           return x == y || (std::isnan(x) && std::isnan(y));
         });
}

inline bool sameGrid(const ScalarGrid& a, const ScalarGrid& b) {
  bool same = a.shape() == b.shape() && sameNumbers(a.values(), b.values());
  for (std::size_t i = 0; same && i < a.dimension(); ++i) {
    same = sameNumbers(a.axes()[i].coordinates, b.axes()[i].coordinates);
  }
  return same;
}

/// The public loss landscapes, by name; empty when they are not here.
inline std::vector<std::filesystem::path> publicGrids() {
  std::vector<std::filesystem::path> files;
  if (const auto folder = optionalData("conformance/grids")) {
    for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

}  // namespace tarn::test
