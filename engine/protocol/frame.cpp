#include "engine/protocol/frame.h"

#include <algorithm>
#include <array>

#include "engine/protocol/cbor_check.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

std::uint32_t frameLength(const std::byte* header) {
  std::uint32_t length = 0;
  for (std::size_t i = kFrameHeader; i-- > 0;) {
    length = length << 8U | std::to_integer<std::uint32_t>(header[i]);
  }
  return length;
}

}  // namespace

std::vector<std::byte> encodeFrame(const nlohmann::json& message) {
  std::vector<std::uint8_t> cbor;
  nlohmann::json::to_cbor(message, cbor);
  if (cbor.size() > kMaxFrame) {
    throw Error(ErrorCode::internal, "A message of " + std::to_string(cbor.size()) +
                                         " bytes is longer than a frame may be.");
  }
  const auto bytes = std::as_bytes(std::span(cbor));
  if (const char* fault = cborFault(bytes)) {
    throw Error(ErrorCode::internal, std::string("A message to be sent ") + fault + ".");
  }
  std::vector<std::byte> frame;
  frame.reserve(kFrameHeader + bytes.size());
  for (std::size_t i = 0; i < kFrameHeader; ++i) {
    frame.push_back(static_cast<std::byte>(cbor.size() >> (8 * i)));
  }
  frame.insert(frame.end(), bytes.begin(), bytes.end());
  return frame;
}

nlohmann::json decodeMessage(std::span<const std::byte> cbor) {
  if (const char* fault = cborFault(cbor)) {
    throw Error(ErrorCode::engine, std::string("A message on the engine's pipe ") + fault + ".");
  }
  const auto* first = reinterpret_cast<const std::uint8_t*>(cbor.data());
  auto message = nlohmann::json::from_cbor(first, first + cbor.size(), true, false);
  if (!message.is_object()) {
    throw Error(ErrorCode::engine, "A message on the engine's pipe cannot be read.");
  }
  return message;
}

void FrameSplitter::push(std::span<const std::byte> bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<std::vector<std::byte>> FrameSplitter::next() {
  const auto rest = std::span(buffer_).subspan(used_);
  if (rest.size() < kFrameHeader) {
    return std::nullopt;
  }
  const std::size_t length = frameLength(rest.data());
  if (length == 0 || length > kMaxFrame) {
    throw Error(ErrorCode::engine, "A frame on the engine's pipe claims to have " +
                                       std::to_string(length) + " bytes; 1 to " +
                                       std::to_string(kMaxFrame) + " are allowed.");
  }
  if (rest.size() < kFrameHeader + length) {
    return std::nullopt;
  }
  const auto body = rest.subspan(kFrameHeader, length);
  used_ += kFrameHeader + length;
  return std::vector<std::byte>(body.begin(), body.end());
}

bool needsCredit(std::string_view eventType) {
  constexpr std::array<std::string_view, 5> heavy{"array", "tile", "metric", "snapshot", "average"};
  return std::find(heavy.begin(), heavy.end(), eventType) != heavy.end();
}

}  // namespace tarn
