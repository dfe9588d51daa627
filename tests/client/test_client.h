#pragma once

#include <string>
#include <vector>

#include "engine/client/engine_client.h"

namespace tarn::test {

/// How to start the test engine (tests/client/engine).
inline EngineCommand testEngine(std::vector<std::string> arguments = {}) {
  EngineCommand command;
  command.program = TARN_BIN_DIR "/tarn-test-engine";
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

}  // namespace tarn::test
