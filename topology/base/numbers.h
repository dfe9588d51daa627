#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace tarn {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// An index, which is known not to be negative, for the containers of the standard library.
constexpr std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace tarn
