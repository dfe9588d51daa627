#include "engine/client/stream_reader.h"

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr const char* kSameVersion = "Install a tarn-engine of the same version as tarn.";

void checkHello(const nlohmann::json& message) {
  if (message.value("type", nlohmann::json()) != "hello") {
    throw Error(ErrorCode::engine, "The engine did not begin with its greeting.", kSameVersion);
  }
  const auto protocol = message.value("protocol", nlohmann::json());
  if (protocol != kProtocolVersion) {
    throw Error(ErrorCode::engine,
                "The engine speaks version " + protocol.dump() + " of the protocol, tarn speaks " +
                    std::to_string(kProtocolVersion) + ".",
                kSameVersion);
  }
}

}  // namespace

bool StreamReader::skipNoise(std::span<const std::byte> bytes) {
  noise_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (const auto at = noise_.find(kMagic); at != std::string::npos && at <= kMaxNoise) {
    started_ = true;
    const auto rest = std::string_view(noise_).substr(at + kMagic.size());
    splitter_.push(std::as_bytes(std::span(rest)));
    noise_.clear();
    return true;
  }
  const auto name = kMagic.substr(0, kMagic.size() - 2);
  if (const auto at = noise_.find(name); at <= kMaxNoise && noise_.size() >= at + kMagic.size() &&
                                         noise_[at + kMagic.size() - 1] == '\n') {
    const int version = static_cast<unsigned char>(noise_[at + name.size()]);
    throw Error(ErrorCode::engine,
                "The engine speaks version " + std::to_string(version) +
                    " of the protocol, tarn speaks " + std::to_string(kProtocolVersion) + ".",
                kSameVersion);
  }
  if (noise_.size() > kMaxNoise + kMagic.size()) {
    throw Error(ErrorCode::engine,
                "What was started is no tarn-engine: it wrote " + std::to_string(kMaxNoise) +
                    " bytes without the engine's greeting.",
                "Check the engine's path or host, and that its start-up files print little.");
  }
  return false;
}

void StreamReader::push(std::span<const std::byte> bytes, const Receiver& receive) {
  if (started_) {
    splitter_.push(bytes);
  } else if (!skipNoise(bytes)) {
    return;
  }
  while (const auto cbor = splitter_.next()) {
    auto message = decodeMessage(*cbor);
    if (!greeted_) {
      checkHello(message);
      greeted_ = true;
    }
    receive(std::move(message), kFrameHeader + cbor->size());
  }
}

}  // namespace tarn
