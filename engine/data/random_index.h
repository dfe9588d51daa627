#pragma once

#include <cstdint>
#include <limits>
#include <random>

namespace tarn::engine {

/// Uniform on 0 … bound − 1, the same with every standard library (std::uniform_int_distribution
/// is not): draws that would favour small numbers are thrown away.
inline std::uint64_t randomIndex(std::uint64_t bound, std::mt19937_64& generator) {
  const std::uint64_t excess = (std::numeric_limits<std::uint64_t>::max() % bound + 1) % bound;
  while (true) {
    const std::uint64_t draw = generator();
    if (draw <= std::numeric_limits<std::uint64_t>::max() - excess) {
      return draw % bound;
    }
  }
}

}  // namespace tarn::engine
