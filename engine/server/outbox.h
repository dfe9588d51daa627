#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <stop_token>

namespace tarn::engine {

/// Thrown when the client closed its end of the pipe: there is nobody left to tell.
struct ClientGone : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The way out: writes whole frames, one at a time, and holds heavy ones back until the client has
/// granted credit. A heavy frame may go while the credit is positive and is then taken off whole,
/// so that a frame larger than the client's window cannot wait for ever. Any thread may send.
class Outbox {
 public:
  explicit Outbox(int fd) : fd_(fd) {}

  /// Throws ClientGone; Error(internal) as encodeFrame; Error(cancelled) when `stop` comes while
  /// waiting for credit and none comes within the grace.
  void send(const nlohmann::json& message, std::stop_token stop,
            std::chrono::milliseconds grace = {});
  void writeRaw(std::span<const std::byte> bytes);

  void grant(std::uint64_t bytes);

 private:
  int fd_;
  std::mutex writing_;
  std::mutex credit_;
  std::condition_variable_any granted_;
  std::int64_t available_ = 0;
};

}  // namespace tarn::engine
