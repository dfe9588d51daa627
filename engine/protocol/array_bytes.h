#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tarn {

/// An array as it travels: little-endian bytes in C order.
struct ArrayBytes {
  std::string dtype;  ///< "f32", "f64", "i64" or "u8"
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;
};

/// Bytes of one element. Throws Error(badInput) for a name that is no dtype of the pipe.
std::size_t bytesPerElement(std::string_view dtype);

/// Bytes of an array of that dtype and shape. Throws Error(badInput) when an extent is negative or
/// the product does not fit 63 bits.
std::uint64_t byteSize(std::string_view dtype, std::span<const std::int64_t> shape);

}  // namespace tarn
