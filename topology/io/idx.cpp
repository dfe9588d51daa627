#include "topology/io/idx.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "topology/base/error.h"
#include "topology/io/gzip.h"

namespace tarn {
namespace {

Error notIdx(const std::string& name, const std::string& why) {
  return {ErrorCode::badInput, name + " is not an IDX file: " + why + ".",
          "IDX files are those of MNIST, packed by gzip or not."};
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

struct Header {
  DType dtype;
  std::vector<std::size_t> shape;
  std::size_t start = 0;  ///< bytes before the elements
  std::size_t bytes = 0;  ///< of the elements
};

constexpr std::size_t magicBytes = 4;
constexpr std::size_t longestHeader = magicBytes + 4 * 255;

Header readHeader(std::span<const std::byte> file, const std::string& name) {
  if (file.size() < magicBytes || file[0] != std::byte{0} || file[1] != std::byte{0}) {
    throw notIdx(name, "it does not begin with two zero bytes");
  }
  const auto dtype = idxType(file[2]);
  if (!dtype) {
    throw notIdx(name, "there is no element type " + std::to_string(std::to_integer<int>(file[2])));
  }
  const auto axes = std::to_integer<std::size_t>(file[3]);
  Header header{*dtype, {}, magicBytes + 4 * axes, itemSize(*dtype)};
  if (file.size() < header.start) {
    throw notIdx(name, "it ends within its header");
  }
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::size_t extent = bigEndian(file.subspan(magicBytes + 4 * axis));
    header.shape.push_back(extent);
    if (extent != 0 && header.bytes > std::numeric_limits<std::ptrdiff_t>::max() / extent) {
      throw notIdx(name, "its header promises more data than there can be");
    }
    header.bytes *= extent;
  }
  return header;
}

}  // namespace

NdArray parseIdx(std::span<const std::byte> file, const std::string& name) {
  if (isGzip(file)) {
    const auto begin = gunzip(file, longestHeader, name);
    const auto header = readHeader(begin, name);
    // One byte more shows that there is more.
    return parseIdx(gunzip(file, header.start + header.bytes + 1, name), name);
  }
  const auto header = readHeader(file, name);
  if (header.bytes != file.size() - header.start) {
    throw notIdx(name, "it holds " + std::to_string(file.size() - header.start) +
                           " bytes of data, its header says otherwise");
  }
  NdArray array{header.dtype, header.shape, {}};
  array.bytes.assign(file.begin() + static_cast<std::ptrdiff_t>(header.start), file.end());
  const auto item = static_cast<std::ptrdiff_t>(itemSize(header.dtype));
  for (auto at = array.bytes.begin(); item > 1 && at != array.bytes.end(); at += item) {
    std::reverse(at, at + item);
  }
  return array;
}

}  // namespace tarn
