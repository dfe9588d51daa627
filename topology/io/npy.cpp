#include "topology/io/npy.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "topology/base/error.h"
#include "topology/io/input_file.h"
#include "topology/io/npy_header.h"
#include "topology/io/output_file.h"

namespace tarn {
namespace {

NpyHeader headerOf(InputFile& file, const std::string& name) {
  const auto preamble = file.read(
      0, static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), kNpyPreambleBytes)));
  const std::size_t offset = npyDataOffset(preamble, file.size(), name);
  return parseNpyHeader(file.read(0, offset), file.size(), name);
}

void reverseItems(std::vector<std::byte>& bytes, std::size_t item) {
  for (std::size_t at = 0; at + item <= bytes.size(); at += item) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + item));
  }
}

/// Elements stored with the first axis fastest, reordered to the last axis fastest.
std::vector<std::byte> toCOrder(const std::vector<std::byte>& source,
                                const std::vector<std::size_t>& shape, std::size_t item) {
  std::vector<std::byte> result(source.size());
  std::vector<std::size_t> strides(shape.size());
  std::size_t stride = item;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  std::vector<std::size_t> index(shape.size(), 0);
  std::size_t from = 0;
  for (std::size_t to = 0; to < result.size(); to += item) {
    std::memcpy(result.data() + to, source.data() + from, item);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) {
        break;
      }
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

std::string_view typeCode(DType dtype) {
  switch (dtype) {
    case DType::boolean:
      return "b1";
    case DType::int8:
      return "i1";
    case DType::int16:
      return "i2";
    case DType::int32:
      return "i4";
    case DType::int64:
      return "i8";
    case DType::uint8:
      return "u1";
    case DType::uint16:
      return "u2";
    case DType::uint32:
      return "u4";
    case DType::uint64:
      return "u8";
    case DType::float32:
      return "f4";
    case DType::float64:
      return "f8";
  }
  throw Error(ErrorCode::internal, "An element type has no name in .npy.");
}

}  // namespace

NdArray assembleNpy(const NpyHeader& header, std::vector<std::byte> elements) {
  const std::size_t item = itemSize(header.dtype);
  if (item > 1 && header.bigEndian != (std::endian::native == std::endian::big)) {
    reverseItems(elements, item);
  }
  if (header.fortranOrder && header.shape.size() > 1) {
    elements = toCOrder(elements, header.shape, item);
  }
  return {header.dtype, header.shape, std::move(elements)};
}

NdArray parseNpy(std::span<const std::byte> file, const std::string& name) {
  const NpyHeader header = parseNpyHeader(file, file.size(), name);
  const auto data = file.subspan(header.dataOffset);
  return assembleNpy(header, std::vector<std::byte>(data.begin(), data.end()));
}

NpyHeader readNpyHeader(const std::filesystem::path& path) {
  InputFile file(path);
  return headerOf(file, path.string());
}

NdArray readNpy(const std::filesystem::path& path) {
  InputFile file(path);
  const NpyHeader header = headerOf(file, path.string());
  return assembleNpy(header, file.read(header.dataOffset, header.dataBytes));
}

std::vector<std::byte> npyBytes(const NdArray& array) {
  const char order = itemSize(array.dtype) == 1                ? '|'
                     : std::endian::native == std::endian::big ? '>'
                                                               : '<';
  std::string text = std::string("{'descr': '") + order + std::string(typeCode(array.dtype)) +
                     "', 'fortran_order': False, 'shape': (";
  for (const std::size_t length : array.shape) {
    text += std::to_string(length) + ", ";
  }
  text += "), }";
  const bool isShort = text.size() < 65000;
  const std::size_t preamble = isShort ? 10 : 12;
  while ((preamble + text.size() + 1) % 64 != 0) {
    text += ' ';
  }
  text += '\n';
  std::string head = "\x93NUMPY";
  head += isShort ? '\1' : '\2';
  head += '\0';
  for (std::size_t i = 0; i < preamble - 8; ++i) {
    head += static_cast<char>(text.size() >> (8 * i) & 0xFFU);
  }
  head += text;
  std::vector<std::byte> result(head.size() + array.bytes.size());
  std::memcpy(result.data(), head.data(), head.size());
  std::copy(array.bytes.begin(), array.bytes.end(),
            result.begin() + static_cast<std::ptrdiff_t>(head.size()));
  return result;
}

void writeNpy(const std::filesystem::path& path, const NdArray& array) {
  const auto bytes = npyBytes(array);
  replaceFile(path, [&](std::ostream& stream) {
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
  });
}

}  // namespace tarn
