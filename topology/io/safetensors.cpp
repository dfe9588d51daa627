#include "topology/io/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "topology/base/error.h"
#include "topology/io/output_file.h"

namespace tarn {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kLongestSafetensorsHeader = 100'000'000;  ///< the format's own limit
constexpr int kDeepestHeader = 3;

struct StoredType {
  std::string_view word;
  std::size_t bytes;
  std::optional<DType> dtype;  ///< as which it is read; none: it can't be
};

constexpr std::array<StoredType, 15> kStoredTypes{{{"BOOL", 1, DType::boolean},
                                                   {"U8", 1, DType::uint8},
                                                   {"I8", 1, DType::int8},
                                                   {"F8_E4M3", 1, std::nullopt},
                                                   {"F8_E5M2", 1, std::nullopt},
                                                   {"U16", 2, DType::uint16},
                                                   {"I16", 2, DType::int16},
                                                   {"F16", 2, DType::float32},
                                                   {"BF16", 2, DType::float32},
                                                   {"U32", 4, DType::uint32},
                                                   {"I32", 4, DType::int32},
                                                   {"F32", 4, DType::float32},
                                                   {"U64", 8, DType::uint64},
                                                   {"I64", 8, DType::int64},
                                                   {"F64", 8, DType::float64}}};

Error notSafetensors(const std::string& name, const std::string& why) {
  return {ErrorCode::badInput, name + " is not a safetensors file: " + why + ".",
          "Save it again with safetensors.torch.save_file or safetensors.numpy.save_file."};
}

const StoredType& storedType(const std::string& word, const std::string& name) {
  for (const auto& type : kStoredTypes) {
    if (type.word == word) {
      return type;
    }
  }
  throw notSafetensors(name, "it holds the unknown element type '" + word.substr(0, 20) + "'");
}

/// A JSON document whose objects name nothing twice.
json parseUnique(std::string_view text, const std::string& name) {
  std::vector<std::set<std::string>> seen;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > kDeepestHeader) {
      throw notSafetensors(name, "its header is nested too deeply");
    }
    if (event == json::parse_event_t::object_start) {
      seen.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      seen.pop_back();
    } else if (event == json::parse_event_t::key &&
               !seen.back().insert(value.get<std::string>()).second) {
      throw notSafetensors(
          name, "its header names '" + value.get<std::string>().substr(0, 80) + "' twice");
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception&) {
    throw notSafetensors(name, "its header is no JSON");
  }
}

std::uint64_t wholeNumber(const json& value, const std::string& name) {
  if (!value.is_number_unsigned()) {
    throw notSafetensors(name, "a shape or an offset in its header is no whole number");
  }
  return value.get<std::uint64_t>();
}

SafetensorsEntry entryOf(const json& value, const std::string& tensor, std::uint64_t dataBytes,
                         const std::string& name) {
  const auto part = [&](const char* key) -> const json& {
    if (!value.is_object() || !value.contains(key)) {
      throw notSafetensors(name, "'" + tensor.substr(0, 80) + "' has no " + key);
    }
    return value[key];
  };
  const auto& dtype = part("dtype");
  const auto& shape = part("shape");
  const auto& offsets = part("data_offsets");
  if (!dtype.is_string() || !shape.is_array() || shape.size() > 64 || !offsets.is_array() ||
      offsets.size() != 2) {
    throw notSafetensors(name,
                         "'" + tensor.substr(0, 80) + "' is not described as the format wants it");
  }
  SafetensorsEntry entry;
  entry.storedType = dtype.get<std::string>();
  std::uint64_t bytes = storedType(entry.storedType, name).bytes;
  bool tooLarge = false;
  for (const auto& extent : shape) {
    const auto length = wholeNumber(extent, name);
    entry.shape.push_back(length);
    tooLarge =
        tooLarge || (length > 0 && bytes > std::numeric_limits<std::uint64_t>::max() / length);
    bytes *= length;
  }
  const auto begin = wholeNumber(offsets[0], name);
  const auto end = wholeNumber(offsets[1], name);
  if (begin > end || end > dataBytes || tooLarge || bytes != end - begin) {
    throw notSafetensors(name,
                         "the shape of '" + tensor.substr(0, 80) + "' does not fit its bytes");
  }
  entry.offset = begin;
  entry.bytes = bytes;
  return entry;
}

void requireNoGaps(const std::map<std::string, SafetensorsEntry>& entries, std::uint64_t dataBytes,
                   const std::string& name) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pieces;
  pieces.reserve(entries.size());
  for (const auto& [tensor, entry] : entries) {
    pieces.emplace_back(entry.offset, entry.offset + entry.bytes);
  }
  std::ranges::sort(pieces);
  std::uint64_t covered = 0;
  for (const auto& [begin, end] : pieces) {
    if (begin != covered) {
      throw notSafetensors(name,
                           begin < covered ? "its tensors overlap" : "there are gaps in its data");
    }
    covered = end;
  }
  if (covered != dataBytes) {
    throw notSafetensors(name, "it has more data than tensors");
  }
}

float fromHalf(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
  const std::uint32_t exponent = half >> 10U & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {
    const float small = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -small : small;
  }
  const std::uint32_t wide = exponent == 31 ? 0xFFU : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23U | fraction << 13U);
}

std::vector<std::byte> widenedToFloat(const std::vector<std::byte>& bytes, bool brain) {
  std::vector<std::byte> result(2 * bytes.size());
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint16_t stored = 0;
    std::memcpy(&stored, bytes.data() + i, sizeof stored);
    const float value =
        brain ? std::bit_cast<float>(static_cast<std::uint32_t>(stored) << 16U) : fromHalf(stored);
    std::memcpy(result.data() + 2 * i, &value, sizeof value);
  }
  return result;
}

std::string_view wordOf(DType dtype) {
  for (const auto& type : kStoredTypes) {
    if (type.dtype == dtype && type.bytes == itemSize(dtype)) {
      return type.word;
    }
  }
  throw Error(ErrorCode::internal, "An element type has no name in safetensors.");
}

}  // namespace

std::map<std::string, SafetensorsEntry> parseSafetensorsHeader(std::string_view text,
                                                               std::uint64_t fileBytes,
                                                               const std::string& name) {
  const auto header = parseUnique(text, name);
  const std::uint64_t dataStart = kLengthBytes + text.size();
  if (!header.is_object() || fileBytes < dataStart) {
    throw notSafetensors(name, "its header is no map of tensors");
  }
  std::map<std::string, SafetensorsEntry> entries;
  for (const auto& [tensor, value] : header.items()) {
    if (tensor != "__metadata__") {
      entries[tensor] = entryOf(value, tensor, fileBytes - dataStart, name);
    }
  }
  requireNoGaps(entries, fileBytes - dataStart, name);
  for (auto& [tensor, entry] : entries) {
    entry.offset += dataStart;
  }
  return entries;
}

SafetensorsReader::SafetensorsReader(const std::filesystem::path& path)
    : file_(path), title_(path.string()) {
  if (file_.size() < kLengthBytes) {
    throw notSafetensors(title_, "it is shorter than a header");
  }
  const auto lengthBytes = file_.read(0, kLengthBytes);
  std::uint64_t length = 0;
  std::memcpy(&length, lengthBytes.data(), sizeof length);
  if (length > kLongestSafetensorsHeader || length > file_.size() - kLengthBytes) {
    throw notSafetensors(title_, "its header would be " + std::to_string(length) + " bytes long");
  }
  const auto bytes = file_.read(kLengthBytes, static_cast<std::size_t>(length));
  entries_ = parseSafetensorsHeader({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                    file_.size(), title_);
  for (const auto& [tensor, entry] : entries_) {
    names_.push_back(tensor);
  }
}

const SafetensorsEntry& SafetensorsReader::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    throw Error(ErrorCode::notFound, title_ + " has no tensor '" + name + "'.");
  }
  return found->second;
}

NdArray SafetensorsReader::read(const std::string& name) {
  const auto& found = entry(name);
  const auto& type = storedType(found.storedType, title_);
  if (!type.dtype) {
    throw Error(ErrorCode::unsupported,
                "'" + name + "' in " + title_ + " is stored as " + found.storedType +
                    ", which can't be read.",
                "Save it as float32 or float64.");
  }
  auto bytes = file_.read(found.offset, static_cast<std::size_t>(found.bytes));
  if (itemSize(*type.dtype) != type.bytes) {
    bytes = widenedToFloat(bytes, type.word == "BF16");
  }
  return {*type.dtype, found.shape, std::move(bytes)};
}

void writeSafetensors(const std::filesystem::path& path,
                      const std::map<std::string, NdArray>& tensors) {
  // As the format's own library does: wide elements first, so that all are aligned.
  std::vector<const std::pair<const std::string, NdArray>*> order;
  order.reserve(tensors.size());
  for (const auto& tensor : tensors) {
    order.push_back(&tensor);
  }
  std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
    return itemSize(a->second.dtype) > itemSize(b->second.dtype);
  });
  json header = json::object();
  std::uint64_t end = 0;
  for (const auto* tensor : order) {
    const auto& [name, array] = *tensor;
    const auto begin = end;
    end += array.bytes.size();
    header[name] = {{"dtype", wordOf(array.dtype)},
                    {"shape", array.shape},
                    {"data_offsets", json::array({begin, end})}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t length = text.size();

  replaceFile(path, [&](std::ostream& stream) {
    stream.write(reinterpret_cast<const char*>(&length), sizeof length);
    stream << text;
    for (const auto* tensor : order) {
      const auto& bytes = tensor->second.bytes;
      stream.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
  });
}

}  // namespace tarn
