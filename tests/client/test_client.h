#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "engine/client/engine_client.h"
#include "support/paths.h"

namespace tarn::test {

/// How to start the test engine (tests/client/engine).
inline EngineCommand testEngine(std::vector<std::string> arguments = {}) {
  EngineCommand command;
  command.program = builtProgram("tarn-test-engine");
  command.arguments = std::move(arguments);
  return command;
}

/// The error that something throws. Fails when it throws none.
template <typename Function>
Error errorOf(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("an error was expected");
}

/// Waits until something holds; false after a minute, so long that a busy machine gets there.
template <typename Condition>
bool eventually(Condition&& condition) {
  using namespace std::chrono_literals;
  const auto end = std::chrono::steady_clock::now() + 300s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

}  // namespace tarn::test
