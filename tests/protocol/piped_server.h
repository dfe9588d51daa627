#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "engine/protocol/frame.h"
#include "engine/server/server.h"

namespace tarn::test {

/// A server on a thread of its own, and the test at the other end of its pipes.
class PipedServer {
 public:
  using Prepare = std::function<void(engine::Server&)>;

  explicit PipedServer(const Prepare& prepare = {}, engine::ServerOptions options = {}) {
    REQUIRE(::pipe(requests_.data()) == 0);
    REQUIRE(::pipe(events_.data()) == 0);
    thread_ = std::thread([this, prepare, options] {
      engine::Server server(options);
      if (prepare) {
        prepare(server);
      }
      exitCode_ = server.run(requests_[0], events_[1]);
      ::close(events_[1]);
    });
    std::string magic;
    while (magic.size() < kMagic.size()) {
      char c = 0;
      REQUIRE(::read(events_[0], &c, 1) == 1);
      magic += c;
    }
    REQUIRE(magic == kMagic);
    hello = *next();
    REQUIRE(hello.at("type") == "hello");
  }
  ~PipedServer() {
    closeRequests();
    if (thread_.joinable()) {
      while (next()) {
      }
      thread_.join();
    }
    ::close(requests_[0]);
    ::close(events_[0]);
  }
  PipedServer(const PipedServer&) = delete;
  PipedServer& operator=(const PipedServer&) = delete;

  void sendRaw(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto sent = ::write(requests_[1], bytes.data(), bytes.size());
      if (sent <= 0) {
        throw std::runtime_error("the server does not listen");
      }
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
  }
  void send(const nlohmann::json& message) { sendRaw(encodeFrame(message)); }
  void sendBody(std::initializer_list<int> cbor) {
    std::vector<std::byte> frame{static_cast<std::byte>(cbor.size()), {}, {}, {}};
    for (const int byte : cbor) {
      frame.push_back(static_cast<std::byte>(byte));
    }
    sendRaw(frame);
  }
  void closeRequests() {
    if (requests_[1] >= 0) {
      ::close(std::exchange(requests_[1], -1));
    }
  }

  /// The next event, heartbeats included; nothing at the end of the stream. Fails after 20 s.
  std::optional<nlohmann::json> next() {
    if (held_) {
      return std::exchange(held_, std::nullopt);
    }
    while (true) {
      if (auto cbor = splitter_.next()) {
        return decodeMessage(*cbor);
      }
      pollfd watched{events_[0], POLLIN, 0};
      if (::poll(&watched, 1, 20000) != 1) {
        throw std::runtime_error("the server said nothing for 20 s");
      }
      std::array<std::byte, 65536> piece{};
      const auto got = ::read(events_[0], piece.data(), piece.size());
      if (got <= 0) {
        return std::nullopt;
      }
      splitter_.push(std::span(piece).first(static_cast<std::size_t>(got)));
    }
  }
  /// The next event that is no heartbeat.
  nlohmann::json event() {
    while (true) {
      auto message = next();
      if (!message) {
        throw std::runtime_error("the server ended");
      }
      if (message->at("type") != "heartbeat") {
        return *message;
      }
    }
  }
  /// Sends a request and returns its last event.
  nlohmann::json ask(nlohmann::json request) {
    send(request);
    while (true) {
      auto message = event();
      const bool last = message.at("type") == "done" || message.at("type") == "error";
      if (last && message.at("job") == request.at("id")) {
        return message;
      }
    }
  }
  /// True when an event that is no heartbeat comes within that time.
  bool hasEventWithin(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    pollfd watched{events_[0], POLLIN, 0};
    while (true) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      if (::poll(&watched, 1, std::max(0, static_cast<int>(left.count()))) != 1) {
        return false;
      }
      auto message = next();
      if (!message || message->at("type") != "heartbeat") {
        held_ = std::move(message);
        return true;
      }
    }
  }
  /// Waits for the server's end and returns its exit code.
  int join() {
    while (next()) {
    }
    thread_.join();
    return exitCode_;
  }

  nlohmann::json hello;

 private:
  std::array<int, 2> requests_{-1, -1};
  std::array<int, 2> events_{-1, -1};
  std::thread thread_;
  int exitCode_ = -1;
  FrameSplitter splitter_;
  std::optional<nlohmann::json> held_;  ///< seen, but not taken
};

/// An error event of that code, with a sentence.
inline bool isError(const nlohmann::json& event, const char* code) {
  return event.at("type") == "error" && event.at("code") == code &&
         !event.at("message").get<std::string>().empty();
}

}  // namespace tarn::test
