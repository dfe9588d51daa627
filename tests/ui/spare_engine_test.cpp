// Engines that are started before they are needed.
#include "ui/window/spare_engine.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <unistd.h>

#include "small_experiment.h"
#include "support/paths.h"
#include "support/program.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

std::size_t enginesRunning() {
  return childrenNamed(getpid(), "tarn-engine").size();
}

}  // namespace

TEST_CASE("an engine that was prepared is taken once, then new ones are started") {
  requireEngine();
  EngineCommand command;
  command.program = builtProgram("tarn-engine");
  SpareEngine engines(command);
  engines.prepare();
  engines.prepare();  // one is enough
  const auto first = engines.take({});
  REQUIRE(first->alive());
  CHECK(enginesRunning() == 1);
  const auto second = engines.take({});
  CHECK(second->alive());
  CHECK(second.get() != first.get());
  CHECK(enginesRunning() == 2);
}

TEST_CASE("an engine that nobody took ends with what keeps it") {
  requireEngine();
  EngineCommand command;
  command.program = builtProgram("tarn-engine");
  {
    SpareEngine engines(command);
    engines.prepare();
  }
  CHECK(enginesRunning() == 0);
}

TEST_CASE("that no engine can be started is said to who wants one") {
  EngineCommand command;
  command.program = "/nowhere/tarn-engine";
  SpareEngine engines(command);
  engines.prepare();
  REQUIRE_THROWS_AS(engines.take({}), Error);
}

TEST_CASE("a stop is an answer while the engine is still starting") {
  EngineCommand command;
  command.program = "/bin/sleep";  // it never says hello
  command.arguments = {"60"};
  SpareEngine engines(command);
  engines.prepare();
  std::stop_source stop;
  stop.request_stop();
  REQUIRE_THROWS_AS(engines.take(stop.get_token()), Error);
}
