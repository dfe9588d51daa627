#include "engine/protocol/array_bytes.h"

#include <limits>

#include "topology/base/error.h"

namespace tarn {

std::size_t bytesPerElement(std::string_view dtype) {
  if (dtype == "f32") {
    return 4;
  }
  if (dtype == "f64" || dtype == "i64") {
    return 8;
  }
  if (dtype == "u8") {
    return 1;
  }
  throw Error(ErrorCode::badInput, "An array's dtype must be f32, f64, i64 or u8, not '" +
                                       std::string(dtype.substr(0, 40)) + "'.");
}

std::uint64_t byteSize(std::string_view dtype, std::span<const std::int64_t> shape) {
  constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t bytes = bytesPerElement(dtype);
  bool hasZero = false;
  for (const auto extent : shape) {
    if (extent < 0) {
      throw Error(ErrorCode::badInput, "An array's shape has a negative extent.");
    }
    hasZero = hasZero || extent == 0;
    const auto factor = static_cast<std::uint64_t>(extent == 0 ? 1 : extent);
    if (bytes > limit / factor) {
      throw Error(ErrorCode::badInput, "An array's shape is too large for any memory.");
    }
    bytes *= factor;
  }
  return hasZero ? 0 : bytes;
}

}  // namespace tarn
