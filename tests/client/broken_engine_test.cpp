#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <signal.h>

#include "tests/client/test_client.h"

using namespace tarn;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using tarn::test::errorOf;
using tarn::test::eventually;
using tarn::test::testEngine;

TEST_CASE("A crash of the engine is an error with the signal and its last words") {
  const auto client = EngineClient::start(testEngine());
  const auto error = errorOf([&] { client->call({{"type", "crash"}}); });
  CHECK(error.code() == ErrorCode::engine);
  CHECK_THAT(error.what(), ContainsSubstring("signal 11"));
  CHECK_THAT(error.what(), ContainsSubstring("about to crash"));
  CHECK_FALSE(error.remedy().empty());
  CHECK_FALSE(client->alive());
}

TEST_CASE("kill -9 of the engine fails every job that waits") {
  const auto client = EngineClient::start(testEngine());
  const pid_t pid = client->call({{"type", "environment"}, {"name", "HOME"}}).at("pid");
  std::atomic<int> failures = 0;
  std::atomic<bool> started = false;
  EventSink sink;
  sink.event = [&](const json&) { started = true; };
  sink.failed = [&](const Error& error) {
    failures += error.code() == ErrorCode::engine &&
                        std::string(error.what()).find("signal 9") != std::string::npos
                    ? 1
                    : 0;
  };
  for (int i = 0; i < 3; ++i) {
    client->submit({{"type", "hang"}}, sink);
  }
  REQUIRE(eventually([&] { return started.load(); }));
  ::kill(pid, SIGKILL);
  CHECK(eventually([&] { return failures == 3; }));
  client->submit({{"type", "ping"}}, sink);
  CHECK(eventually([&] { return failures == 4; }));
}

TEST_CASE("An engine that gives no sign of life is ended") {
  auto command = testEngine();
  command.silencePatience =
      3s;  // 30 heartbeats, so that a busy machine is not taken for a dead one
  const auto client = EngineClient::start(command);
  CHECK(client->call({{"type", "count"}, {"n", 4000}}).at("counted") == 4000);  // longer, but alive
  const auto error = errorOf([&] { client->call({{"type", "freeze"}}); });
  CHECK(error.code() == ErrorCode::engine);
  CHECK_THAT(error.what(), ContainsSubstring("no sign of life"));
}

TEST_CASE("Health tells a job that moves from one that stands still") {
  const auto client = EngineClient::start(testEngine());
  const auto moving = client->submit({{"type", "count"}, {"n", 1'000'000}}, {});
  CHECK(eventually([&] { return client->health().running == moving; }));
  CHECK(eventually([&] { return client->health().done > 100; }));
  CHECK(client->health().total == 1'000'000);
  client->cancel(moving);
  const auto standing = client->submit({{"type", "hang"}}, {});
  CHECK(eventually([&] { return client->health().running == standing; }));
  CHECK(eventually([&] {
    const EngineHealth health = client->health();
    return health.standstill > 500ms && health.silent < 400ms;
  }));
  CHECK(client->health().alive);
}

TEST_CASE("Events that break the protocol end the engine, not tarn") {
  const auto client = EngineClient::start(testEngine());
  const auto error = errorOf([&] { client->call({{"type", "bad-array"}}); });
  CHECK(error.code() == ErrorCode::engine);
  CHECK_THAT(error.what(), ContainsSubstring("broke the protocol"));
}

TEST_CASE("Streams of mutated frames end the engine, not tarn") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    auto command = testEngine({"--behave", "hostile:" + std::to_string(seed)});
    // A mutated length makes the reader wait for bytes that come, or for a sign of life.
    command.silencePatience = 500ms;
    try {
      const auto client = EngineClient::start(command);
      CHECK(errorOf([&] { client->call({{"type", "ping"}}); }).code() == ErrorCode::engine);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::engine);
    }
  }
}
