#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tarn {

inline constexpr int kProtocolVersion = 1;
/// What the engine writes before its first frame; the byte before the newline is the version.
inline constexpr std::string_view kMagic{"TARN-ENGINE\x01\n", 13};
inline constexpr std::size_t kMaxNoise = 64U << 10;   ///< bytes skipped before the magic
inline constexpr std::size_t kMaxFrame = 16U << 20;   ///< bytes of one frame's CBOR
inline constexpr std::size_t kPieceBytes = 4U << 20;  ///< bytes of data in one `array` frame
inline constexpr std::size_t kFrameHeader = 4;        ///< bytes of the length before the CBOR
inline constexpr std::size_t kMaxDepth = 32;          ///< nesting of arrays and maps
inline constexpr std::size_t kMaxItems = std::size_t{1} << 20;  ///< values in one message

/// The bytes of one message: length and CBOR. Throws Error(internal) when the message is no map,
/// is longer than kMaxFrame, or would be refused by decodeMessage for another reason.
std::vector<std::byte> encodeFrame(const nlohmann::json& message);

/// A frame's CBOR as a message. Throws Error(engine) unless it is exactly one map with text keys,
/// of definite lengths, without tags, with valid UTF-8, not nested deeper than kMaxDepth and of at
/// most kMaxItems values; all that is checked before anything is allocated.
nlohmann::json decodeMessage(std::span<const std::byte> cbor);

/// Cuts a stream of bytes into frames. Memory never exceeds one frame and what was pushed last.
class FrameSplitter {
 public:
  void push(std::span<const std::byte> bytes);
  /// The CBOR of the next whole frame, or nothing yet. Throws Error(engine) for a length of zero or
  /// above kMaxFrame; the stream cannot be followed after that.
  std::optional<std::vector<std::byte>> next();
  /// True when the stream ended between two frames.
  bool empty() const { return used_ == buffer_.size(); }

 private:
  std::vector<std::byte> buffer_;
  std::size_t used_ = 0;
};

/// True when the bytes are well-formed UTF-8.
bool isUtf8(std::string_view text);
/// The text with every byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string toUtf8(std::string_view text);

/// Events that carry much and therefore wait for the client's credit.
bool needsCredit(std::string_view eventType);

}  // namespace tarn
