#include "topology/io/nd_array.h"

#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

#include "topology/base/error.h"

namespace tarn {
namespace {

template <typename T>
std::vector<double> widened(std::span<const std::byte> bytes) {
  std::vector<double> result(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < result.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    result[i] = static_cast<double>(value);
  }
  return result;
}

template <typename T>
NdArray packed(DType dtype, std::vector<std::size_t> shape, std::span<const T> values) {
  const std::size_t expected =
      std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  if (expected != values.size()) {
    throw Error(ErrorCode::internal, "An array's shape does not fit its number of values.");
  }
  NdArray array{dtype, std::move(shape), std::vector<std::byte>(values.size_bytes())};
  if (!values.empty()) {
    std::memcpy(array.bytes.data(), values.data(), values.size_bytes());
  }
  return array;
}

}  // namespace

std::size_t itemSize(DType dtype) {
  switch (dtype) {
    case DType::boolean:
    case DType::int8:
    case DType::uint8:
      return 1;
    case DType::int16:
    case DType::uint16:
      return 2;
    case DType::int32:
    case DType::uint32:
    case DType::float32:
      return 4;
    case DType::int64:
    case DType::uint64:
    case DType::float64:
      return 8;
  }
  throw Error(ErrorCode::internal, "An element type has no size.");
}

std::string_view toString(DType dtype) {
  switch (dtype) {
    case DType::boolean:
      return "bool";
    case DType::int8:
      return "int8";
    case DType::int16:
      return "int16";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::uint8:
      return "uint8";
    case DType::uint16:
      return "uint16";
    case DType::uint32:
      return "uint32";
    case DType::uint64:
      return "uint64";
    case DType::float32:
      return "float32";
    case DType::float64:
      return "float64";
  }
  throw Error(ErrorCode::internal, "An element type has no name.");
}

std::vector<double> NdArray::toDoubles() const {
  switch (dtype) {
    case DType::boolean: {
      auto result = widened<std::uint8_t>(bytes);
      for (double& value : result) {
        value = value != 0.0 ? 1.0 : 0.0;
      }
      return result;
    }
    case DType::int8:
      return widened<std::int8_t>(bytes);
    case DType::int16:
      return widened<std::int16_t>(bytes);
    case DType::int32:
      return widened<std::int32_t>(bytes);
    case DType::int64:
      return widened<std::int64_t>(bytes);
    case DType::uint8:
      return widened<std::uint8_t>(bytes);
    case DType::uint16:
      return widened<std::uint16_t>(bytes);
    case DType::uint32:
      return widened<std::uint32_t>(bytes);
    case DType::uint64:
      return widened<std::uint64_t>(bytes);
    case DType::float32:
      return widened<float>(bytes);
    case DType::float64:
      return widened<double>(bytes);
  }
  throw Error(ErrorCode::internal, "An element type cannot become double.");
}

NdArray NdArray::fromDoubles(std::vector<std::size_t> shape, std::span<const double> values) {
  return packed(DType::float64, std::move(shape), values);
}

NdArray NdArray::fromFloats(std::vector<std::size_t> shape, std::span<const float> values) {
  return packed(DType::float32, std::move(shape), values);
}

NdArray NdArray::fromInt64(std::vector<std::size_t> shape, std::span<const std::int64_t> values) {
  return packed(DType::int64, std::move(shape), values);
}

}  // namespace tarn
