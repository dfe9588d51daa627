#include "topology/io/npy_header.h"

#include <array>
#include <bit>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLongestHeader = std::size_t{1} << 20U;
constexpr std::size_t kMostDimensions = 64;

[[noreturn]] void damagedHeader(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::badInput, name + " is not a usable .npy file: " + why + ".",
              "Save the array again with numpy.save.");
}

constexpr std::array<std::pair<std::string_view, DType>, 11> kCodes{{
    {"b1", DType::boolean},
    {"i1", DType::int8},
    {"i2", DType::int16},
    {"i4", DType::int32},
    {"i8", DType::int64},
    {"u1", DType::uint8},
    {"u2", DType::uint16},
    {"u4", DType::uint32},
    {"u8", DType::uint64},
    {"f4", DType::float32},
    {"f8", DType::float64},
}};

/// Reads the Python dictionary literal that NumPy writes, and nothing else of Python.
class HeaderText {
 public:
  HeaderText(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {}

  NpyHeader parse() {
    NpyHeader header;
    bool haveType = false;
    bool haveOrder = false;
    bool haveShape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !haveType) {
        readType(header);
        haveType = true;
      } else if (key == "fortran_order" && !haveOrder) {
        header.fortranOrder = boolean();
        haveOrder = true;
      } else if (key == "shape" && !haveShape) {
        header.shape = tuple();
        haveShape = true;
      } else {
        damagedHeader(name_, "its header has the unexpected key '" + key.substr(0, 40) + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at_ != text_.size() || !haveType || !haveOrder || !haveShape) {
      damagedHeader(name_, "its header is incomplete or has something after its end");
    }
    return header;
  }

 private:
  void skipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) {
      ++at_;
    }
  }

  bool accept(char wanted) {
    skipSpace();
    if (at_ < text_.size() && text_[at_] == wanted) {
      ++at_;
      return true;
    }
    return false;
  }

  void expect(char wanted) {
    if (!accept(wanted)) {
      damagedHeader(name_, std::string("its header has no '") + wanted + "' at character " +
                               std::to_string(at_));
    }
  }

  std::string quoted() {
    skipSpace();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') {
      damagedHeader(name_, "its header has no text at character " + std::to_string(at_));
    }
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) {
      damagedHeader(name_, "a text in its header does not end");
    }
    std::string result(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return result;
  }

  bool word(std::string_view wanted) {
    skipSpace();
    if (!text_.substr(at_).starts_with(wanted)) {
      return false;
    }
    at_ += wanted.size();
    return true;
  }

  bool boolean() {
    if (word("True")) {
      return true;
    }
    if (word("False")) {
      return false;
    }
    damagedHeader(name_, "fortran_order is neither True nor False");
  }

  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> result;
    expect('(');
    while (!accept(')')) {
      skipSpace();
      std::size_t length = 0;
      const char* first = text_.data() + at_;
      const auto [last, problem] = std::from_chars(first, text_.data() + text_.size(), length);
      if (problem != std::errc() || result.size() == kMostDimensions) {
        damagedHeader(name_, "its shape is not a list of at most 64 lengths");
      }
      at_ += static_cast<std::size_t>(last - first);
      accept('L');  // Python 2 wrote long integers so
      result.push_back(length);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return result;
  }

  void readType(NpyHeader& header) {
    skipSpace();
    const bool structured = at_ < text_.size() && text_[at_] == '[';
    const std::string type = structured ? "structured records" : quoted();
    const char order = type.empty() ? '\0' : type.front();
    const bool ordered = order == '<' || order == '>' || order == '=' || order == '|';
    if (ordered) {
      header.bigEndian = order == '>' || (order == '=' && std::endian::native == std::endian::big);
      for (const auto& [code, dtype] : kCodes) {
        if (code == std::string_view(type).substr(1)) {
          header.dtype = dtype;
          return;
        }
      }
    }
    throw Error(
        ErrorCode::unsupported,
        name_ + " holds elements of type " + type.substr(0, 40) + ", which Tarn does not read.",
        "Save it as float, integer or bool, for example array.astype('float64').");
  }

  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0;
};

/// The product of the lengths times the size of an element, or nothing on overflow.
std::optional<std::size_t> byteCount(const std::vector<std::size_t>& shape, std::size_t item) {
  std::size_t result = item;
  for (const std::size_t length : shape) {
    if (length == 0) {
      return 0;
    }
  }
  for (const std::size_t length : shape) {
    if (result > std::numeric_limits<std::size_t>::max() / length) {
      return std::nullopt;
    }
    result *= length;
  }
  return result;
}

}  // namespace

std::size_t npyDataOffset(std::span<const std::byte> preamble, std::uint64_t fileBytes,
                          const std::string& name) {
  const auto byteAt = [&](std::size_t i) { return std::to_integer<std::size_t>(preamble[i]); };
  if (preamble.size() < 10) {
    damagedHeader(name, "it is only " + std::to_string(fileBytes) + " bytes long");
  }
  for (std::size_t i = 0; i < kMagic.size(); ++i) {
    if (byteAt(i) != static_cast<unsigned char>(kMagic[i])) {
      damagedHeader(name, "it does not start with NumPy's signature");
    }
  }
  const std::size_t version = byteAt(6);
  if (version < 1 || version > 3) {
    throw Error(ErrorCode::unsupported,
                name + " is a .npy file of the unknown version " + std::to_string(version) + ".",
                "Save the array again with numpy.save.");
  }
  const bool isShort = version == 1;
  if (!isShort && preamble.size() < kNpyPreambleBytes) {
    damagedHeader(name, "it is only " + std::to_string(fileBytes) + " bytes long");
  }
  const std::size_t length =
      isShort ? byteAt(8) | byteAt(9) << 8U
              : byteAt(8) | byteAt(9) << 8U | byteAt(10) << 16U | byteAt(11) << 24U;
  const std::size_t offset = (isShort ? 10 : 12) + length;
  if (length > kLongestHeader || offset > fileBytes) {
    damagedHeader(name, "its header would be " + std::to_string(length) +
                            " bytes long, the file has " + std::to_string(fileBytes));
  }
  return offset;
}

NpyHeader parseNpyHeader(std::span<const std::byte> head, std::uint64_t fileBytes,
                         const std::string& name) {
  const std::size_t offset =
      npyDataOffset(head.first(std::min(head.size(), kNpyPreambleBytes)), fileBytes, name);
  if (offset > head.size()) {
    throw Error(ErrorCode::internal, "The header of " + name + " was not read to its end.");
  }
  const std::size_t start = std::to_integer<int>(head[6]) == 1 ? 10 : 12;
  const std::string_view text(reinterpret_cast<const char*>(head.data()) + start, offset - start);
  NpyHeader header = HeaderText(text, name).parse();
  const auto bytes = byteCount(header.shape, itemSize(header.dtype));
  if (!bytes || *bytes != fileBytes - offset) {
    damagedHeader(name, "its header promises " +
                            (bytes ? std::to_string(*bytes) : std::string("impossibly many")) +
                            " bytes of data, the file has " + std::to_string(fileBytes - offset));
  }
  header.dataOffset = offset;
  header.dataBytes = *bytes;
  return header;
}

}  // namespace tarn
