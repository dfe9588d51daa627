#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/client/test_client.h"

using namespace tarn;
using nlohmann::json;
using tarn::test::eventually;
using tarn::test::testEngine;

namespace {

/// True when the process is gone, or waits only to be reaped by whoever adopted it.
bool hasEnded(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  return !(status >> number >> name >> state) || state == "Z";
}

}  // namespace

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
    std::atomic<bool> hangs = false;
    EventSink sink;
    sink.event = [&](const json&) { hangs = true; };
    client->submit({{"type", "hang"}}, sink);
    eventually([&] { return hangs.load(); });
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
