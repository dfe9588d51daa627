#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <numeric>
#include <thread>

#include "tests/client/test_client.h"

using namespace tarn;
using nlohmann::json;
using tarn::test::errorOf;
using tarn::test::eventually;
using tarn::test::testEngine;

TEST_CASE("A call returns what the engine answers, and gets its events on the way") {
  const auto client = EngineClient::start(testEngine());
  CHECK(client->hello().at("protocol") == 1);
  CHECK(client->call({{"type", "echo"}, {"value", {1, "zwei"}}}).at("value") == json{1, "zwei"});
  std::vector<int> steps;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.at("type") == "metric") {
      steps.push_back(event.at("step"));
    }
  };
  CHECK(client->call({{"type", "count"}, {"n", 20}}, sink).at("counted") == 20);
  std::vector<int> expected(20);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(steps == expected);
}

TEST_CASE("The engine's own error arrives with code, sentence and remedy") {
  const auto client = EngineClient::start(testEngine());
  const auto error = errorOf([&] { client->call({{"type", "refuse"}}); });
  CHECK(error.code() == ErrorCode::unsupported);
  CHECK(std::string(error.what()) == "This model has no parameters.");
  CHECK(error.remedy() == "Choose another one.");
  CHECK(errorOf([&] { client->call({{"type", "dance"}}); }).code() == ErrorCode::usage);
}

TEST_CASE("Arrays come whole, whatever their size") {
  const auto client = EngineClient::start(testEngine());
  const auto bytes = GENERATE_COPY(std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{10'000'000});
  std::vector<std::string> names;
  bool right = true;
  EventSink sink;
  sink.array = [&](const std::string& name, const ArrayBytes& array) {
    names.push_back(name);
    right = right && array.bytes.size() == bytes &&
            array.shape == std::vector{static_cast<std::int64_t>(bytes)};
    for (std::uint64_t k = 0; k < array.bytes.size(); ++k) {
      right = right && array.bytes[k] == static_cast<std::byte>((names.size() - 1 + k) % 251);
    }
  };
  client->call({{"type", "arrays"}, {"count", 3}, {"bytes", bytes}}, sink);
  CHECK(names == std::vector<std::string>{"array/0", "array/1", "array/2"});
  CHECK(right);
}

TEST_CASE("An array that was put comes back from the engine unchanged") {
  const auto client = EngineClient::start(testEngine());
  ArrayBytes array{"f32", {3, 1000, 1000}, std::vector<std::byte>(12'000'000)};
  for (std::size_t i = 0; i < array.bytes.size(); ++i) {
    array.bytes[i] = static_cast<std::byte>(i * i >> 5);
  }
  const auto hash = putArray(*client, array);
  CHECK(putArray(*client, array) == hash);
  ArrayBytes mirrored;
  EventSink sink;
  sink.array = [&](const std::string&, ArrayBytes whole) { mirrored = std::move(whole); };
  client->call({{"type", "mirror"}, {"hash", hash}}, sink);
  CHECK(mirrored.dtype == "f32");
  CHECK(mirrored.shape == array.shape);
  CHECK(mirrored.bytes == array.bytes);
  CHECK_NOTHROW(putArray(*client, {"u8", {0}, {}}));
}

TEST_CASE("What a model prints does not disturb the pipe") {
  const auto client = EngineClient::start(testEngine({"--noise", "65536"}));
  client->call({{"type", "print"}});
  CHECK(client->call({{"type", "echo"}, {"value", 3}}).at("value") == 3);
  CHECK(eventually([&] {
    const auto log = client->log();
    return std::ranges::find(log, "hello from C") != log.end();
  }));
}

TEST_CASE("Many threads use one client") {
  const auto client = EngineClient::start(testEngine());
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const int value = t * 1000 + i;
          right += client->call({{"type", "echo"}, {"value", value}}).at("value") == value ? 1 : 0;
        }
      });
    }
  }
  CHECK(right == 400);
}
