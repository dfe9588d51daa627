#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <thread>

#include "tests/client/test_client.h"

using namespace tarn;
using namespace std::chrono_literals;
using nlohmann::json;
using tarn::test::errorOf;
using tarn::test::eventually;
using tarn::test::testEngine;
using Clock = std::chrono::steady_clock;

TEST_CASE("A slow sink slows the engine down and bounds what waits") {
  auto command = testEngine();
  command.window = 1 << 20;
  const auto client = EngineClient::start(command);
  std::atomic<bool> go = false;
  std::atomic<int> received = 0;
  EventSink sink;
  sink.array = [&](const std::string&, const ArrayBytes&) {
    while (!go) {
      std::this_thread::sleep_for(1ms);
    }
    ++received;
  };
  std::atomic<bool> done = false;
  sink.done = [&](const json&) { done = true; };
  client->submit({{"type", "arrays"}, {"count", 200}, {"bytes", 1'000'000}}, sink);
  // The engine stays alive and is not taken for hung while nobody takes its results.
  std::this_thread::sleep_for(1s);
  CHECK(client->health().alive);
  CHECK(eventually([&] { return client->health().silent < 500ms; }));
  CHECK_FALSE(done);
  // A window of 1 MiB lets one array pass, and the second one begins.
  CHECK(client->health().done <= 2);
  go = true;
  CHECK(eventually([&] { return done.load(); }));
  CHECK(received == 200);
}

TEST_CASE("What a sink throws ends its job and comes out of the call") {
  const auto client = EngineClient::start(testEngine());
  EventSink sink;
  sink.event = [](const json&) { throw Error(ErrorCode::io, "The disk is full."); };
  const auto start = Clock::now();
  const auto error = errorOf([&] { client->call({{"type", "count"}, {"n", 1'000'000}}, sink); });
  CHECK(error.code() == ErrorCode::io);
  CHECK(Clock::now() - start < 10s);
  CHECK(client->alive());
}

TEST_CASE("A sink may submit and cancel, but not wait") {
  const auto client = EngineClient::start(testEngine());
  std::atomic<bool> second = false;
  std::atomic<bool> refused = false;
  EventSink inner;
  inner.done = [&](const json&) { second = true; };
  EventSink outer;
  outer.done = [&](const json&) {
    client->submit({{"type", "echo"}, {"value", 2}}, inner);
    refused = errorOf([&] { client->call({{"type", "ping"}}); }).code() == ErrorCode::internal;
  };
  client->submit({{"type", "echo"}, {"value", 1}}, outer);
  CHECK(eventually([&] { return second && refused; }));
}
