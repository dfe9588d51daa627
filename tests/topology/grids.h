#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"

namespace tarn::test {

inline std::size_t product(const std::vector<std::size_t>& shape) {
  std::size_t result = 1;
  for (const std::size_t length : shape) {
    result *= length;
  }
  return result;
}

/// Independent values, uniform on [0, 1).
inline std::vector<double> noise(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<double> values(count);
  for (double& value : values) {
    value = uniform(random);
  }
  return values;
}

/// Integers 0 … levels−1: many ties and plateaus.
inline std::vector<double> steps(std::size_t count, int levels, unsigned seed) {
  auto values = noise(count, seed);
  for (double& value : values) {
    value = static_cast<double>(static_cast<int>(value * levels));
  }
  return values;
}

/// Replaces about a fraction of the values, in turn by NaN, +∞ and −∞.
std::vector<double> inline masked(std::vector<double> values, double fraction, unsigned seed) {
  const double unusable[] = {std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()};
  const auto dice = noise(values.size(), seed);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (dice[i] < fraction) {
      values[i] = unusable[i % 3];
    }
  }
  return values;
}

inline ScalarGrid gridOf(const std::vector<std::size_t>& shape, std::vector<double> values) {
  return ScalarGrid::fromArray(shape, std::move(values));
}

/// The shapes that properties are tried on: 1 to 5 dimensions, thin axes among them.
inline const std::vector<std::vector<std::size_t>> kShapes{
    {1},     {2},       {40},      {2, 2},    {1, 9},       {12, 1},        {13, 11},
    {2, 17}, {7, 6, 5}, {3, 1, 8}, {2, 2, 9}, {5, 4, 3, 4}, {3, 3, 2, 3, 2}};

inline constexpr Connectivity kConnectivities[] = {Connectivity::axes2n, Connectivity::freudenthal,
                                                   Connectivity::full};

}  // namespace tarn::test
