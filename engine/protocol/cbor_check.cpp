#include "engine/protocol/cbor_check.h"

#include <array>
#include <cstdint>

#include "engine/protocol/frame.h"

namespace tarn {
namespace {

// The major types of RFC 8949, section 3.1.
enum Major : unsigned { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };

struct Head {
  unsigned major = 0;
  unsigned info = 0;
  std::uint64_t argument = 0;
};

/// An open array or map: how many values it still waits for.
struct Level {
  std::uint64_t left = 0;
  bool map = false;
};

class Walk {
 public:
  explicit Walk(std::span<const std::byte> cbor) : rest_(cbor) {}

  const char* run() {
    if (rest_.empty() || std::to_integer<unsigned>(rest_[0]) >> 5U != kMap) {
      return "is not a map";
    }
    do {
      if (const char* fault = value()) {
        return fault;
      }
      while (depth_ > 0 && levels_[depth_ - 1].left == 0) {
        --depth_;
      }
    } while (depth_ > 0);
    return rest_.empty() ? nullptr : "has bytes after its end";
  }

 private:
  const char* readHead(Head& head) {
    if (rest_.empty()) {
      return "ends too early";
    }
    const auto first = std::to_integer<unsigned>(rest_[0]);
    rest_ = rest_.subspan(1);
    head.major = first >> 5U;
    head.info = first & 31U;
    head.argument = head.info;
    if (head.info < 24) {
      return nullptr;
    }
    if (head.info > 27) {
      return head.info == 31 ? "has a part of indefinite length" : "has a reserved value";
    }
    const std::size_t width = std::size_t{1} << (head.info - 24);
    if (rest_.size() < width) {
      return "ends too early";
    }
    head.argument = 0;
    for (std::size_t i = 0; i < width; ++i) {
      head.argument = head.argument << 8U | std::to_integer<std::uint64_t>(rest_[i]);
    }
    rest_ = rest_.subspan(width);
    return nullptr;
  }

  const char* value() {
    bool isKey = false;
    if (depth_ > 0) {
      auto& level = levels_[depth_ - 1];
      isKey = level.map && level.left % 2 == 0;
      --level.left;
    }
    if (++items_ > kMaxItems) {
      return "has too many values";
    }
    Head head;
    if (const char* fault = readHead(head)) {
      return fault;
    }
    if (isKey && head.major != kText) {
      return "has a key that is not text";
    }
    switch (head.major) {
      case kUnsigned:
        return nullptr;
      case kNegative:
        return head.argument > INT64_MAX ? "has a number out of range" : nullptr;
      case kBytes:
      case kText:
        return string(head);
      case kArray:
      case kMap:
        return open(head);
      case kSimple: {
        const bool known = (head.info >= 20 && head.info <= 22) || head.info >= 25;
        return known ? nullptr : "has an unknown simple value";
      }
      default:
        return "has a tag";
    }
  }

  const char* string(const Head& head) {
    if (head.argument > rest_.size()) {
      return "ends too early";
    }
    const auto length = static_cast<std::size_t>(head.argument);
    if (head.major == kText && !isUtf8({reinterpret_cast<const char*>(rest_.data()), length})) {
      return "has text that is not UTF-8";
    }
    rest_ = rest_.subspan(length);
    return nullptr;
  }

  const char* open(const Head& head) {
    if (depth_ == kMaxDepth) {
      return "is nested too deeply";
    }
    // Every value takes a byte at least, so that a larger count cannot be honest.
    const bool map = head.major == kMap;
    if (head.argument > rest_.size() / (map ? 2 : 1)) {
      return "ends too early";
    }
    levels_[depth_++] = {head.argument * (map ? 2 : 1), map};
    return nullptr;
  }

  std::span<const std::byte> rest_;
  std::array<Level, kMaxDepth> levels_{};
  std::size_t depth_ = 0;
  std::size_t items_ = 0;
};

}  // namespace

const char* cborFault(std::span<const std::byte> cbor) {
  return Walk(cbor).run();
}

}  // namespace tarn
