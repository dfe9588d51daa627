#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"

namespace tarn::bench {

/// Data of one kind, in any size.
struct Landscape {
  const char* name;
  double waves;  ///< how strong a few long waves are
  double noise;  ///< how strong white noise is
};

inline constexpr Landscape kSmooth{"smooth", 1.0, 0.0};
inline constexpr Landscape kSmoothAndNoise{"smooth + noise", 1.0, 0.05};
inline constexpr Landscape kWhiteNoise{"white noise", 0.0, 1.0};

/// depth × n × n vertices.
inline ScalarGrid sample(const Landscape& landscape, std::size_t n, std::size_t depth) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<double> values;
  values.reserve(n * n * depth);
  const auto wave = [&](std::size_t i, double frequency) {
    return std::sin(frequency * static_cast<double>(i) / static_cast<double>(n));
  };
  for (std::size_t z = 0; z < depth; ++z) {
    for (std::size_t y = 0; y < n; ++y) {
      for (std::size_t x = 0; x < n; ++x) {
        const double smooth =
            wave(x, 17.0) + wave(y, 13.0) * wave(z + n / 9, 11.0) + wave(x + y, 9.0);
        values.push_back(landscape.waves * smooth + landscape.noise * uniform(random));
      }
    }
  }
  const std::size_t shape[] = {depth, n, n};
  const std::size_t first = depth == 1 ? 1 : 0;
  return ScalarGrid::fromArray(std::span(shape).subspan(first), std::move(values));
}

}  // namespace tarn::bench
