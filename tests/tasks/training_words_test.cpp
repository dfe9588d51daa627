#include "engine/tasks/training_words.h"

#include <catch2/catch_test_macros.hpp>

#include "topology/base/error.h"

using namespace tarn;
using nlohmann::json;

TEST_CASE("snapshots are so many, or so far apart") {
  CHECK(snapshotsFromText("100") == json{{"mode", "even"}, {"count", 100}});
  CHECK(snapshotsFromText("log:50") == json{{"mode", "log"}, {"count", 50}});
  CHECK(snapshotsFromText("steps:10") == json{{"mode", "steps"}, {"every", 10}});
  CHECK(snapshotsFromText("epochs:1") == json{{"mode", "epochs"}, {"every", 1}});
  CHECK(snapshotsFromText("steps:10,losses=all") ==
        json{{"mode", "steps"}, {"every", 10}, {"losses", "all"}});
  for (const char* wrong : {"", "1", "0", "log", "log:1", "steps:0", "hours:3", "5x", "-7",
                            "100,losses", "100,losses=few", ",losses=all"}) {
    INFO(wrong);
    CHECK_THROWS_AS(snapshotsFromText(wrong), Error);
  }
}

TEST_CASE("a validation part is drawn, or is a file read as the data are") {
  const json experiment{
      {"data",
       {{"path", "/a/train.npz"}, {"subset", {{"count", 5}}}, {"transform", {{"scale", 0.5}}}}}};
  CHECK(validationFromText("0.2", experiment) == json{{"fraction", 0.2}, {"seed", 0}});
  CHECK(validationFromText("0.25@7", experiment) == json{{"fraction", 0.25}, {"seed", 7}});
  CHECK(validationFromText("/b/test.npz", experiment) ==
        json{{"data", {{"path", "/b/test.npz"}, {"transform", {{"scale", 0.5}}}}}});
  for (const char* wrong : {"0", "1", "-0.1", "0.2@", "0.2@x", "0.2@-1", "2"}) {
    INFO(wrong);
    CHECK_THROWS_AS(validationFromText(wrong, experiment), Error);
  }
}

TEST_CASE("a sweep is even in the logarithm, both ends included") {
  const Sweep sweep = sweepFromText("lr=1e-4:1e-1:7");
  CHECK(sweep.option == "lr");
  // 10^(−4 + k/2), to four digits.
  CHECK(sweep.values ==
        std::vector<double>{0.0001, 0.0003162, 0.001, 0.003162, 0.01, 0.03162, 0.1});
  for (const char* wrong : {"lr", "lr=1", "lr=1:2", "=1:2:3", "lr=0:1:3", "lr=2:1:3", "lr=1:2:1",
                            "lr=1:2:x", "lr=a:2:3", "lr=1:2:3:4"}) {
    INFO(wrong);
    CHECK_THROWS_AS(sweepFromText(wrong), Error);
  }
}

TEST_CASE("an optimizer that has a value for the swept option is refused") {
  const Sweep sweep = sweepFromText("lr=1:2:2");
  CHECK(atValue(parseOptimizerSpec("sgd:momentum=0.9"), sweep, 2).options ==
        json{{"momentum", 0.9}, {"lr", 2.0}});
  CHECK_THROWS_AS(atValue(parseOptimizerSpec("sgd:lr=1"), sweep, 2), Error);
}
