// The tiles of a landscape follow what its points cost, and its plan is measured once.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "engine/client/engine_client.h"
#include "engine/project/project.h"
#include "engine/tasks/landscape_task.h"
#include "support/paths.h"
#include "support/temporary_folder.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using nlohmann::json;

namespace {

struct Remarks : TaskObserver {
  std::vector<std::string> stages;
  void onProgress(const Progress& progress) override { stages.push_back(progress.stage); }
  bool measured() const { return std::ranges::find(stages, "choosing a plan") != stages.end(); }
};

/// Begins landscapes along one axis, without computing them.
struct Beginner {
  TemporaryFolder folder;
  std::filesystem::path data = sourceFile("resources/digits/digits.npz");
  std::shared_ptr<Project> project = Project::create(folder / "p.tarn");
  std::unique_ptr<EngineClient> client = EngineClient::start([] {
    EngineCommand command;
    command.program = builtProgram("tarn-engine");
    return command;
  }());

  OpenedExperiment open(const std::string& network, Project* into, Remarks& remarks) {
    const json experiment{
        {"model", {{"spec", network}}},
        {"data",
         {{"path", data.string()}, {"transform", {{"layout", "nchw"}, {"scale", 1.0 / 16}}}}},
        {"loss", "cross-entropy"},
        {"threads", 1}};
    return openExperiment(*client, into, experiment, always, remarks, {});
  }

  SamplingCost estimate(const std::string& network, LandscapeRequest request, Remarks& remarks) {
    // As the window does it, which has no project yet.
    return estimateCost(*client, open(network, nullptr, remarks), onOneAxis(std::move(request)),
                        remarks, {});
  }

  StoredLandscape begin(const std::string& network, LandscapeRequest request, Remarks& remarks) {
    return prepareLandscape(*client, *project, open(network, project.get(), remarks),
                            onOneAxis(std::move(request)), always, remarks, {});
  }

  static bool always(const std::string&, const std::string&) { return true; }

  static LandscapeRequest onOneAxis(LandscapeRequest request) {
    request.directions = {"random:1"};
    request.range = {"abs:1"};
    request.steps = {129};
    return request;
  }
};

}  // namespace

TEST_CASE("where a point is slow, tiles are small") {
  Beginner beginner;
  Remarks remarks;
  // 15 GFlop a point: more than the 31 ms of which 16 make half a second, on any core there is.
  const auto slow = beginner.begin("mlp:64-2048-2048-10@init:0", {}, remarks);
  CHECK(slow.tilePoints < 16);
  CHECK(slow.plan.at("tile_points") == slow.tilePoints);
  // An eighth of one worker's share of 129 points.
  CHECK(beginner.begin("mlp:64-8-10@init:0", {}, remarks).tilePoints == 16);
}

TEST_CASE("a plan is measured once for landscapes on the same experiment") {
  Beginner beginner;
  const std::string network = "mlp:64-16-10@init:0";
  Remarks first;
  const auto measured = beginner.begin(network, {}, first);
  CHECK(first.measured());

  Remarks second;
  CHECK(beginner.begin(network, {}, second).plan == measured.plan);
  CHECK_FALSE(second.measured());

  SECTION("another network has its own") {
    Remarks other;
    beginner.begin("mlp:64-17-10@init:0", {}, other);
    CHECK(other.measured());
  }
  SECTION("the reference is none that was measured, but timed itself") {
    Remarks other;
    LandscapeRequest request;
    request.plan = "reference";
    const auto reference = beginner.begin(network, request, other);
    CHECK(other.measured());
    CHECK(reference.plan.at("path") == "model");
  }
  SECTION("what an estimate found is taken, and that alone") {
    const std::string estimated = "mlp:64-18-10@init:0";
    Remarks other;
    LandscapeRequest request;
    request.estimated = beginner.estimate(estimated, {}, other);
    request.estimated->secondsPerPoint = 1;
    Remarks taking;
    const auto taken = beginner.begin(estimated, request, taking);
    CHECK_FALSE(taking.measured());
    CHECK(taken.plan.at("path") == request.estimated->plan.at("path"));
    CHECK(taken.tilePoints == taken.plan.value("points_per_call", 1U));  // of a second a point

    Remarks elsewhere;
    beginner.begin("mlp:64-19-10@init:0", request, elsewhere);
    CHECK(elsewhere.measured());
    Remarks byReference;
    auto reference = request;
    reference.plan = "reference";
    CHECK(beginner.begin(estimated, reference, byReference).plan.at("path") == "model");
    CHECK(byReference.measured());
  }
  SECTION("of other data under the same name it is measured again") {
    beginner.data = beginner.folder / "data.npz";
    const auto writeData = [&](float brightness) {
      writeNpz(
          beginner.data,
          {{"inputs", NdArray::fromFloats({20, 1, 8, 8}, std::vector<float>(1280, brightness))},
           {"targets", NdArray::fromInt64({20}, std::vector<std::int64_t>(20, 3))}});
    };
    writeData(1);
    Remarks other;
    LandscapeRequest request;
    request.estimated = beginner.estimate(network, {}, other);
    Remarks same;
    beginner.begin(network, request, same);
    CHECK_FALSE(same.measured());
    writeData(2);
    Remarks again;
    beginner.begin(network, request, again);
    CHECK(again.measured());
  }
  SECTION("tiles that are asked for are kept") {
    Remarks other;
    LandscapeRequest request;
    request.tilePoints = 3;
    CHECK(beginner.begin(network, request, other).tilePoints == 3);
  }
}
