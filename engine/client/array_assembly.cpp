#include "engine/client/array_assembly.h"

#include <algorithm>

#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::size_t kMostUnfinished = 64;
constexpr std::uint64_t kMostReserved = std::uint64_t{64} << 20;

}  // namespace

std::optional<ArrayAssembly::Named> ArrayAssembly::add(const nlohmann::json& event) {
  const auto name = textField(event, "name");
  const auto dtype = textField(event, "dtype");
  const auto shape = shapeField(event, "shape");
  const auto offset = countField(event, "offset");
  const auto total = countField(event, "total");
  const auto data = bytesField(event, "data");
  if (byteSize(dtype, shape) != total) {
    throw Error(ErrorCode::engine, "The array " + name + " does not have the bytes of its shape.");
  }
  auto [entry, isNew] = unfinished_.try_emplace(name, ArrayBytes{dtype, shape, {}});
  auto& array = entry->second;
  if (isNew && unfinished_.size() > kMostUnfinished) {
    throw Error(ErrorCode::engine, "Too many arrays were begun and not finished.");
  }
  if (isNew) {
    array.bytes.reserve(static_cast<std::size_t>(std::min(total, kMostReserved)));
  }
  if (array.dtype != dtype || array.shape != shape || offset != array.bytes.size() ||
      data.size() > total - offset) {
    throw Error(ErrorCode::engine, "A piece of the array " + name + " is out of place.");
  }
  array.bytes.insert(array.bytes.end(), data.begin(), data.end());
  if (array.bytes.size() < total) {
    return std::nullopt;
  }
  auto whole = unfinished_.extract(entry);
  return Named{std::move(whole.key()), std::move(whole.mapped())};
}

}  // namespace tarn
