#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <thread>

#include "engine/client/child_process.h"
#include "support/paths.h"
#include "tests/client/test_client.h"

using namespace tarn;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using tarn::test::errorOf;
using tarn::test::eventually;
using tarn::test::testEngine;

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

TEST_CASE("An engine killed while it starts leaves no folder behind") {
  const auto folder = std::filesystem::temp_directory_path() / "tarn-scratch-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  ::setenv("TMPDIR", folder.c_str(), 1);
  for (int i = 0; i < 60; ++i) {
    ChildProcess engine({test::builtProgram("tarn-test-engine")});
    std::this_thread::sleep_for(200us * i);  // it greets after some 5 ms
    engine.kill();
  }
  ::unsetenv("TMPDIR");
  CHECK(eventually([&] { return std::filesystem::is_empty(folder); }));
  std::filesystem::remove_all(folder);
}
