#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "tests/client/test_client.h"

using namespace tarn;
using namespace std::chrono_literals;
using nlohmann::json;
using tarn::test::errorOf;
using tarn::test::testEngine;
using Clock = std::chrono::steady_clock;

TEST_CASE("Stop cancels the job and leaves the engine alive") {
  const auto client = EngineClient::start(testEngine());
  std::stop_source stop;
  EventSink sink;
  sink.event = [&](const json&) { stop.request_stop(); };
  const auto error =
      errorOf([&] { client->call({{"type", "count"}, {"n", 1'000'000}}, sink, stop.get_token()); });
  CHECK(error.code() == ErrorCode::cancelled);
  CHECK(client->alive());
  CHECK(client->call({{"type", "echo"}, {"value", 1}}).at("value") == 1);
  CHECK(errorOf([&] { client->call({{"type", "ping"}}, {}, stop.get_token()); }).code() ==
        ErrorCode::cancelled);
}

TEST_CASE("A job that does not answer to cancel is ended with the engine") {
  auto command = testEngine();
  command.cancelPatience = 300ms;
  const auto client = EngineClient::start(command);
  std::stop_source stop;
  Clock::time_point asked;
  EventSink sink;
  sink.event = [&](const json&) {
    asked = Clock::now();
    stop.request_stop();
  };
  const auto error = errorOf([&] { client->call({{"type", "hang"}}, sink, stop.get_token()); });
  CHECK(error.code() == ErrorCode::cancelled);
  CHECK(Clock::now() - asked < 5s);  // the patience when none is set
  CHECK_FALSE(client->alive());
  CHECK(errorOf([&] { client->call({{"type", "ping"}}); }).code() == ErrorCode::engine);
}
