#include "engine/client/engine_client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/client/child_process.h"
#include "tests/client/test_client.h"

using namespace tarn;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using tarn::test::errorOf;
using tarn::test::testEngine;
using Clock = std::chrono::steady_clock;

namespace {

/// Waits until something holds; false after ten seconds.
template <typename Condition>
bool eventually(Condition&& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

/// True when the process is gone, or waits only to be reaped by whoever adopted it.
bool hasEnded(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  return !(status >> number >> name >> state) || state == "Z";
}

}  // namespace

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
  EventSink sink;
  sink.event = [&](const json&) { stop.request_stop(); };
  const auto start = Clock::now();
  const auto error = errorOf([&] { client->call({{"type", "hang"}}, sink, stop.get_token()); });
  CHECK(error.code() == ErrorCode::cancelled);
  CHECK(Clock::now() - start < 5s);
  CHECK_FALSE(client->alive());
  CHECK(errorOf([&] { client->call({{"type", "ping"}}); }).code() == ErrorCode::engine);
}

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
  command.silencePatience = 700ms;
  const auto client = EngineClient::start(command);
  CHECK(client->call({{"type", "count"}, {"n", 1500}}).at("counted") == 1500);  // longer, but alive
  const auto error = errorOf([&] { client->call({{"type", "freeze"}}); });
  CHECK(error.code() == ErrorCode::engine);
  CHECK_THAT(error.what(), ContainsSubstring("no sign of life"));
}

TEST_CASE("Health tells a job that moves from one that stands still") {
  const auto client = EngineClient::start(testEngine());
  const auto moving = client->submit({{"type", "count"}, {"n", 400}}, {});
  CHECK(eventually([&] { return client->health().running == moving; }));
  CHECK(eventually([&] { return client->health().done > 100; }));
  CHECK(client->health().total == 400);
  const auto standing = client->submit({{"type", "hang"}}, {});
  CHECK(eventually([&] { return client->health().running == standing; }));
  CHECK(eventually([&] { return client->health().standstill > 500ms; }));
  CHECK(client->health().silent < 400ms);
  CHECK(client->health().alive);
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

TEST_CASE("What is no engine is told so") {
  const auto startError = [](EngineCommand command) {
    return errorOf([&] { EngineClient::start(command); });
  };
  CHECK_THAT(startError(testEngine({"--behave", "garbage"})).what(),
             ContainsSubstring("no tarn-engine"));
  CHECK_THAT(startError(testEngine({"--noise", "65537"})).what(),
             ContainsSubstring("no tarn-engine"));
  CHECK_THAT(startError(testEngine({"--behave", "old-version"})).what(),
             ContainsSubstring("version 7"));
  CHECK_THAT(startError(testEngine({"--behave", "old-hello"})).what(),
             ContainsSubstring("version 7"));
  const auto dead = startError(testEngine({"--behave", "dies"}));
  CHECK_THAT(dead.what(), ContainsSubstring("exited with status 3"));
  CHECK_THAT(dead.what(), ContainsSubstring("the library is missing"));
  auto mute = testEngine({"--behave", "mute"});
  mute.startPatience = 200ms;
  CHECK_THAT(startError(mute).what(), ContainsSubstring("hello"));
  EngineCommand missing;
  missing.program = "/nowhere/tarn-engine";
  CHECK_THAT(startError(missing).what(), ContainsSubstring("/nowhere/tarn-engine"));
  EngineCommand option;
  option.sshHost = "-oProxyCommand=touch";
  CHECK(startError(option).code() == ErrorCode::usage);
}

TEST_CASE("Starting can be stopped") {
  std::stop_source stop;
  std::jthread later([&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  const auto error =
      errorOf([&] { EngineClient::start(testEngine({"--behave", "mute"}), stop.get_token()); });
  CHECK(error.code() == ErrorCode::cancelled);
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
  CHECK(client->health().silent < 500ms);
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

TEST_CASE("Destroying the client ends the engine and fails what waits") {
  std::atomic<int> failed = 0;
  pid_t pid = 0;
  std::string scratch;
  {
    const auto client = EngineClient::start(testEngine());
    const auto answer = client->call({{"type", "environment"}, {"name", "TMPDIR"}});
    pid = answer.at("pid");
    scratch = answer.at("value");
    CHECK(std::filesystem::is_directory(scratch));
    EventSink sink;
    sink.failed = [&](const Error& error) {
      failed += error.code() == ErrorCode::cancelled ? 1 : 0;
    };
    client->submit({{"type", "count"}, {"n", 1'000'000}}, sink);
    client->submit({{"type", "echo"}, {"value", 1}}, sink);
  }
  CHECK(failed == 2);
  CHECK(::kill(pid, 0) != 0);
  CHECK_FALSE(std::filesystem::exists(scratch));
}

TEST_CASE("A tarn that is killed takes its engine along, even one that hangs") {
  std::array<int, 2> told{};
  REQUIRE(::pipe(told.data()) == 0);
  const pid_t tarn = ::fork();
  if (tarn == 0) {
    const auto client = EngineClient::start(testEngine());
    const pid_t pid = client->call({{"type", "environment"}, {"name", "HOME"}}).at("pid");
    client->submit({{"type", "hang"}}, {});
    std::this_thread::sleep_for(100ms);
    (void)!::write(told[1], &pid, sizeof pid);
    ::pause();
  }
  pid_t engine = 0;
  REQUIRE(::read(told[0], &engine, sizeof engine) == sizeof engine);
  ::close(told[0]);
  ::close(told[1]);
  REQUIRE(::kill(engine, 0) == 0);
  ::kill(tarn, SIGKILL);
  ::waitpid(tarn, nullptr, 0);
  CHECK(eventually([&] { return hasEnded(engine); }));
}

TEST_CASE("The scratch folder goes when the engine is killed") {
  const auto client = EngineClient::start(testEngine());
  const auto answer = client->call({{"type", "environment"}, {"name", "TMPDIR"}});
  const std::string scratch = answer.at("value");
  REQUIRE(std::filesystem::is_directory(scratch));
  ::kill(answer.at("pid").get<pid_t>(), SIGKILL);
  CHECK(eventually([&] { return !std::filesystem::exists(scratch); }));
}

TEST_CASE("An engine killed while it starts leaves no folder behind") {
  const auto folder = std::filesystem::temp_directory_path() / "tarn-scratch-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  ::setenv("TMPDIR", folder.c_str(), 1);
  for (int i = 0; i < 60; ++i) {
    ChildProcess engine({TARN_BIN_DIR "/tarn-test-engine"});
    std::this_thread::sleep_for(200us * i);  // it greets after some 5 ms
    engine.kill();
  }
  ::unsetenv("TMPDIR");
  CHECK(eventually([&] { return std::filesystem::is_empty(folder); }));
  std::filesystem::remove_all(folder);
}
