#include "engine/server/outbox.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "engine/protocol/frame.h"
#include "topology/base/error.h"

namespace tarn::engine {

void Outbox::send(const nlohmann::json& message, std::stop_token stop,
                  std::chrono::milliseconds grace) {
  const auto frame = encodeFrame(message);
  if (needsCredit(message.at("type").get_ref<const std::string&>())) {
    std::unique_lock lock(credit_);
    const auto mayGo = [&] { return available_ > 0; };
    if (!granted_.wait(lock, stop, mayGo) && !granted_.wait_for(lock, grace, mayGo)) {
      throw Error(ErrorCode::cancelled, "The job was cancelled.");
    }
    available_ -= static_cast<std::int64_t>(frame.size());
  }
  writeRaw(frame);
}

void Outbox::writeRaw(std::span<const std::byte> bytes) {
  const std::scoped_lock lock(writing_);
  while (!bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      throw ClientGone(std::string("Writing to tarn failed: ") + std::strerror(errno));
    }
    bytes = bytes.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
}

void Outbox::grant(std::uint64_t bytes) {
  constexpr std::uint64_t most = std::uint64_t{1} << 40;
  {
    const std::scoped_lock lock(credit_);
    available_ = std::min(available_ + static_cast<std::int64_t>(std::min(bytes, most)),
                          static_cast<std::int64_t>(most));
  }
  granted_.notify_all();
}

}  // namespace tarn::engine
