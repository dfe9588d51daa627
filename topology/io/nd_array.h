#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tarn {

enum class DType {
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
};

/// Bytes of one element.
std::size_t itemSize(DType dtype);
/// "bool", "int8", …, "float64".
std::string_view toString(DType dtype);

/// An array of any shape: C order, the machine's own byte order.
struct NdArray {
  DType dtype = DType::float64;
  std::vector<std::size_t> shape;  ///< empty for a single number
  std::vector<std::byte> bytes;

  /// The number of elements.
  std::size_t size() const { return bytes.size() / itemSize(dtype); }
  /// All elements as double; 64-bit integers beyond 2⁵³ are rounded.
  std::vector<double> toDoubles() const;

  /// Throw Error(internal) when the shape does not fit the number of values.
  static NdArray fromDoubles(std::vector<std::size_t> shape, std::span<const double> values);
  static NdArray fromFloats(std::vector<std::size_t> shape, std::span<const float> values);
  static NdArray fromInt64(std::vector<std::size_t> shape, std::span<const std::int64_t> values);
};

}  // namespace tarn
