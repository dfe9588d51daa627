#include "topology/io/idx.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "topology/base/error.h"

namespace tarn {
namespace {

Error notIdx(const std::string& name, const std::string& why) {
  return {ErrorCode::badInput, name + " is not an IDX file: " + why + ".",
          "IDX files are those of MNIST; unpack a .gz first."};
}

std::optional<DType> idxType(std::byte code) {
  switch (std::to_integer<int>(code)) {
    case 0x08:
      return DType::uint8;
    case 0x09:
      return DType::int8;
    case 0x0B:
      return DType::int16;
    case 0x0C:
      return DType::int32;
    case 0x0D:
      return DType::float32;
    case 0x0E:
      return DType::float64;
    default:
      return std::nullopt;
  }
}

std::uint32_t bigEndian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes.first(4)) {
    value = value << 8U | std::to_integer<std::uint32_t>(byte);
  }
  return value;
}

}  // namespace

NdArray parseIdx(std::span<const std::byte> file, const std::string& name) {
  constexpr std::size_t magicBytes = 4;
  if (file.size() < magicBytes || file[0] != std::byte{0} || file[1] != std::byte{0}) {
    throw notIdx(name, "it does not begin with two zero bytes");
  }
  const auto dtype = idxType(file[2]);
  if (!dtype) {
    throw notIdx(name, "there is no element type " + std::to_string(std::to_integer<int>(file[2])));
  }
  const auto axes = std::to_integer<std::size_t>(file[3]);
  const std::size_t start = magicBytes + 4 * axes;
  if (file.size() < start) {
    throw notIdx(name, "it ends within its header");
  }
  NdArray array{*dtype, {}, {}};
  std::size_t bytes = itemSize(*dtype);
  bool fits = true;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::size_t extent = bigEndian(file.subspan(magicBytes + 4 * axis));
    array.shape.push_back(extent);
    fits = fits && (extent == 0 || bytes <= std::numeric_limits<std::size_t>::max() / extent);
    bytes *= extent;
  }
  if (!fits || bytes != file.size() - start) {
    throw notIdx(name, "it holds " + std::to_string(file.size() - start) +
                           " bytes of data, its header says otherwise");
  }
  array.bytes.assign(file.begin() + static_cast<std::ptrdiff_t>(start), file.end());
  const auto item = static_cast<std::ptrdiff_t>(itemSize(*dtype));
  for (auto at = array.bytes.begin(); item > 1 && at != array.bytes.end(); at += item) {
    std::reverse(at, at + item);
  }
  return array;
}

}  // namespace tarn
