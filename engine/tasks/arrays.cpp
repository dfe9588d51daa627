#include "engine/tasks/arrays.h"

#include <algorithm>
#include <array>
#include <utility>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::array<std::pair<std::string_view, DType>, 4> kTypes{{
    {"f32", DType::float32},
    {"f64", DType::float64},
    {"i64", DType::int64},
    {"u8", DType::uint8},
}};

}  // namespace

NdArray toNdArray(ArrayBytes array) {
  const auto* type = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const auto& entry) { return entry.first == array.dtype; });
  if (type == kTypes.end() || byteSize(array.dtype, array.shape) != array.bytes.size()) {
    throw Error(ErrorCode::badInput,
                "An array of the engine has an unknown element type or a "
                "length that does not fit its shape.");
  }
  return {type->second, {array.shape.begin(), array.shape.end()}, std::move(array.bytes)};
}

ArrayBytes toArrayBytes(const NdArray& array) {
  const auto* type = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const auto& entry) { return entry.second == array.dtype; });
  if (type == kTypes.end()) {
    throw Error(ErrorCode::badInput, "Arrays of " + std::string(toString(array.dtype)) +
                                         " do not travel to the engine.");
  }
  return {std::string(type->first), {array.shape.begin(), array.shape.end()}, array.bytes};
}

}  // namespace tarn
