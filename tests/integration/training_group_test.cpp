// Several runs at once, each in an engine of its own.
#include "engine/tasks/training_group.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "begun_runs.h"
#include "engine/tasks/landscape_task.h"
#include "engine/tasks/projection.h"
#include "support/paths.h"
#include "support/program.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

std::vector<std::string> trainWords(const TemporaryFolder& folder, const std::string& file,
                                    const std::vector<std::string>& more) {
  std::vector<std::string> words{"tarn",        "train",
                                 "--model",     "mlp:64-8-10@init:0",
                                 "--data",      sourceFile("resources/digits/digits.npz"),
                                 "--transform", "layout=nchw,scale=1/16",
                                 "--json",      "--quiet",
                                 "--threads",   "1",
                                 "--out",       folder / file};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

json documentOf(const ProgramResult& result) {
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

std::vector<std::vector<std::byte>> snapshotsOf(const std::string& path, std::int64_t run) {
  const auto project = Project::open(path, Access::read);
  std::vector<std::vector<std::byte>> all;
  for (const SnapshotInfo& info : project->snapshots(run)) {
    all.push_back(project->snapshot(run, info.step).parameters.bytes);
  }
  return all;
}

std::int64_t idOf(const json& document, const std::string& name) {
  for (const json& run : document.at("runs")) {
    if (run.at("name") == name) {
      return run.at("id").get<std::int64_t>();
    }
  }
  return 0;
}

}  // namespace

TEST_CASE("runs that go on beside each other end as each does alone, to the bit") {
  const TemporaryFolder folder;
  const std::vector<std::string> optimizers{"sgd:lr=0.1", "adamw:lr=1e-2", "sgd:lr=0.01"};
  std::vector<std::string> together{"--epochs", "2", "--jobs", "3"};
  for (const std::string& optimizer : optimizers) {
    together.insert(together.end(), {"--optimizer", optimizer});
  }
  const json all = documentOf(run(trainWords(folder, "all.tarn", together)));
  REQUIRE(all.at("runs").size() == 3);
  for (std::size_t i = 0; i < optimizers.size(); ++i) {
    CHECK(idOf(all, optimizers[i]) == static_cast<std::int64_t>(i + 1));  // as they are listed
  }
  for (const std::string& optimizer : optimizers) {
    INFO(optimizer);
    const std::string file = optimizer.substr(0, 3) + optimizer.back() + ".tarn";
    const json alone =
        documentOf(run(trainWords(folder, file, {"--epochs", "2", "--optimizer", optimizer})));
    CHECK(snapshotsOf(folder / "all.tarn", idOf(all, optimizer)) ==
          snapshotsOf(folder / file, idOf(alone, optimizer)));
  }
}

TEST_CASE("a run that diverges does not end the others") {
  const TemporaryFolder folder;
  const json document =
      documentOf(run(trainWords(folder, "runs.tarn",
                                {"--epochs", "2", "--jobs", "2", "--optimizer", "sgd:lr=1e30",
                                 "--optimizer", "sgd:lr=0.1", "--optimizer", "adamw"})));
  CHECK(document.at("runs").at(0).at("status") == "failed");
  CHECK(document.at("runs").at(1).at("status") == "complete");
  CHECK(document.at("runs").at(2).at("status") == "complete");
}

TEST_CASE("a wrong option of one optimizer is told before any run is begun") {
  const TemporaryFolder folder;
  const auto result =
      run(trainWords(folder, "runs.tarn", {"--optimizer", "adamw", "--optimizer", "sgd:speed=3"}));
  CHECK(result.exitCode == 2);
  CHECK_THAT(result.err, ContainsSubstring("sgd:speed=3") && ContainsSubstring("speed"));
  const std::string path = folder / "runs.tarn";
  CHECK((!std::filesystem::exists(path) || Project::open(path, Access::read)->runs().empty()));
}

TEST_CASE("interrupted runs are kept, and go on to the bits of those that ran through") {
  const TemporaryFolder folder;
  const std::vector<std::string> more{"--epochs",    "60",           "--jobs",      "2",
                                      "--snapshots", "200",          "--optimizer", "sgd:lr=0.1",
                                      "--optimizer", "adamw:lr=1e-3"};
  const json through = documentOf(run(trainWords(folder, "through.tarn", more)));
  Program training(trainWords(folder, "stopped.tarn", more));
  const std::string path = folder / "stopped.tarn";
  REQUIRE(awaitRuns(path, 2, 3));
  training.signal(SIGINT);
  const auto stopped = training.wait();
  INFO(stopped.err);
  // On a quick machine they may be through before the signal comes.
  CHECK((stopped.exitCode == 130 || stopped.exitCode == 0));
  if (stopped.exitCode == 130) {
    const auto result =
        run({"tarn", "train", "--resume", "--out", path, "--json", "--quiet", "--jobs", "2"});
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
  }
  for (const json& one : through.at("runs")) {
    const auto project = Project::open(path, Access::read);
    const auto runs = project->runs();
    const auto same = std::ranges::find(runs, one.at("name").get<std::string>(), &StoredRun::name);
    REQUIRE(same != runs.end());
    CHECK(same->status == "complete");
    CHECK(snapshotsOf(path, same->id) ==
          snapshotsOf(folder / "through.tarn", one.at("id").get<std::int64_t>()));
  }
}

TEST_CASE("a sweep names the best rate, and says when it is at the edge") {
  const TemporaryFolder folder;
  // Rates far below the inverse of any curvature: in one epoch the loss falls by about rate times
  // the steps' squared gradients, so that the largest of the sweep is best.
  const json document =
      documentOf(run(trainWords(folder, "sweep.tarn",
                                {"--epochs", "1", "--validation", "0.2@3", "--optimizer", "sgd",
                                 "--sweep", "lr=1e-5:1e-3:3"})));
  const json& sweep = document.at("sweep");
  CHECK(sweep.at("values") == json{1e-5, 1e-4, 1e-3});
  const json& best = sweep.at("best").at(0);
  CHECK(best.at("by") == "validation_loss");
  CHECK(best.at("value") == 1e-3);
  CHECK(best.at("at_edge") == true);
  REQUIRE(document.at("warnings").size() == 1);
  CHECK_THAT(document.at("warnings").at(0).get<std::string>(), ContainsSubstring("largest"));
  // It is the lowest of those that the runs say of themselves.
  double lowest = INFINITY;
  for (const json& one : document.at("runs")) {
    lowest = std::min(lowest, one.at("validation_loss").get<double>());
  }
  CHECK(best.at("loss") == lowest);
}

TEST_CASE("gradient descent on a quadratic contracts by 1 − ηλ in the coordinates of its plane") {
  // Least squares is a quadratic: c_i(t) = (1 − ηλ_i)^t c_i(0) about its minimum, so that from any
  // centre (c_i(t + 1) − c_i(t)) / (c_i(t) − c_i(t − 1)) = 1 − ηλ_i, with the λ_i of the
  // directions.
  const TemporaryFolder folder;
  std::vector<double> inputs;
  std::vector<double> targets;
  for (int i = 0; i < 12; ++i) {
    inputs.insert(inputs.end(),
                  {2.0 * std::sin(1.0 + i), std::cos(2.0 * i), 0.3 * std::sin(3.7 * i)});
    targets.push_back(std::cos(1.3 * i) + 0.5);
  }
  writeNpz(folder / "data.npz", {{"inputs", NdArray::fromDoubles({12, 3}, inputs)},
                                 {"targets", NdArray::fromDoubles({12, 1}, targets)}});
  const json experiment{{"model", {{"spec", "mlp:3-1,dtype=f64@init:2"}}},
                        {"data", {{"path", std::string(folder / "data.npz")}}},
                        {"loss", "mse"},
                        {"threads", 1}};
  const auto project = Project::create(folder / "runs.tarn");
  const auto client = EngineClient::start();
  TaskObserver quiet;
  const auto always = [](const std::string&, const std::string&) { return true; };
  const auto opened = openExperiment(*client, project.get(), experiment, always, quiet, {});
  constexpr double kRate = 0.05;
  TrainingRequest request;
  request.optimizer = parseOptimizerSpec("sgd:lr=0.05");
  request.settings = {
      {"epochs", 8}, {"batch_size", 12}, {"snapshots", {{"mode", "steps"}, {"every", 1}}}};
  const StoredRun run = trainRun(*client, *project, opened, request, quiet, {});
  LandscapeRequest plane;
  plane.directions = {"hessian:2"};
  plane.steps = {3};
  plane.tolerance = 1e-10;
  const StoredLandscape landscape =
      prepareLandscape(*client, *project, opened, plane, always, quiet, {});
  const StoredDirections directions = project->directions(*landscape.directions);
  const ProjectedRun projected = projectRun(*project, run.id, directions);
  REQUIRE(projected.snapshots.size() == 9);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    REQUIRE(directions.axes[axis].eigenvalue);
    const double factor = 1 - kRate * *directions.axes[axis].eigenvalue;
    const auto step = [&](std::size_t t) {
      return projected.snapshots[t + 1].coordinates[axis] -
             projected.snapshots[t].coordinates[axis];
    };
    for (std::size_t t = 0; t + 2 < projected.snapshots.size(); ++t) {
      CHECK(step(t + 1) == Approx(factor * step(t)).epsilon(1e-7).margin(1e-12));
    }
  }
}
