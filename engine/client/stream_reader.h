#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "engine/protocol/frame.h"

namespace tarn {

/// Follows an engine's output from its first byte: skips noise up to the magic, then cuts frames
/// and decodes them. The first message must be a `hello` of our protocol version.
class StreamReader {
 public:
  using Receiver = std::function<void(nlohmann::json message, std::size_t frameBytes)>;

  /// Hands every message that is complete now to `receive`. Throws Error(engine) when this is no
  /// engine, an engine of another version, or not the protocol.
  void push(std::span<const std::byte> bytes, const Receiver& receive);

 private:
  bool skipNoise(std::span<const std::byte> bytes);

  std::string noise_;
  bool started_ = false;
  bool greeted_ = false;
  FrameSplitter splitter_;
};

}  // namespace tarn
