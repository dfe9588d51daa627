#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <thread>
#include <tuple>

#include "engine/project/describe.h"
#include "engine/tasks/optimizer_list.h"
#include "engine/tasks/training_task.h"
#include "support/paths.h"
#include "support/program.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using nlohmann::json;

namespace {

const json kExperiment{{"model", {{"spec", "mlp:64-32-32-10@init:1"}}},
                       {"data",
                        {{"path", sourceFile("resources/digits/digits.npz")},
                         {"transform", {{"layout", "nchw"}, {"scale", 1.0 / 16}}}}},
                       {"loss", "cross-entropy"},
                       {"threads", 1}};

TrainingRequest adamw(int epochs) {
  TrainingRequest request;
  request.optimizer = parseOptimizerSpec("adamw:lr=1e-3");
  request.settings = {{"epochs", epochs}, {"snapshots", {{"mode", "even"}, {"count", 200}}}};
  return request;
}

bool always(const std::string&, const std::string&) {
  return true;
}

/// Stops at the first snapshot behind a step.
struct Stopper : TaskObserver {
  std::int64_t after = 0;
  std::stop_source stop;
  void onSnapshot(std::int64_t, const StoredSnapshot& snapshot) override {
    if (snapshot.step > after) {
      stop.request_stop();
    }
  }
};

/// The steps of the snapshots that one run reports.
struct Collector : TaskObserver {
  std::int64_t run = 0;
  std::vector<std::int64_t> steps;
  void onSnapshot(std::int64_t of, const StoredSnapshot& snapshot) override {
    if (of == run) {
      steps.push_back(snapshot.step);
    }
  }
};

/// A client whose engine cannot run ahead of what is recorded, so that a stop meets the run.
std::unique_ptr<EngineClient> tightClient() {
  EngineCommand command;
  command.window = 4096;
  return EngineClient::start(command);
}

std::vector<std::vector<std::byte>> snapshotsOf(const Project& project, std::int64_t run) {
  std::vector<std::vector<std::byte>> all;
  for (const SnapshotInfo& info : project.snapshots(run)) {
    all.push_back(project.snapshot(run, info.step).parameters.bytes);
  }
  return all;
}

std::vector<double> curveOf(const Project& project, std::int64_t run) {
  std::vector<double> losses;
  for (const StoredMetric& metric : project.metrics(run)) {
    losses.push_back(metric.loss);
  }
  return losses;
}

}  // namespace

TEST_CASE(
    "a run that is stopped twice goes on from where it was and ends as one that ran through") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "runs.tarn");
  const auto client = tightClient();
  TaskObserver quiet;
  const auto opened = openExperiment(*client, project.get(), kExperiment, always, quiet, {});
  const StoredRun through = trainRun(*client, *project, opened, adamw(200), quiet, {});
  REQUIRE(through.status == "complete");

  Stopper first;
  CHECK_THROWS_AS(trainRun(*client, *project, opened, adamw(200), first, first.stop.get_token()),
                  Error);
  const std::int64_t id = project->runs().back().id;
  CHECK(project->run(id).status == "stopped");
  // Within ten seconds of its start, when no checkpoint is due yet.
  REQUIRE(project->checkpoint(id));
  const std::int64_t stoppedAt = project->checkpoint(id)->step;
  CHECK(stoppedAt >= project->snapshots(id).back().step);

  Stopper second;
  second.after = stoppedAt;
  CHECK_THROWS_AS(resumeRun(*client, *project, id, always, second, second.stop.get_token()), Error);
  CHECK(project->checkpoint(id)->step > stoppedAt);

  const StoredRun resumed = resumeRun(*client, *project, id, always, quiet, {});
  CHECK(resumed.status == "complete");
  CHECK(snapshotsOf(*project, id) == snapshotsOf(*project, through.id));
  CHECK(curveOf(*project, id) == curveOf(*project, through.id));
  try {
    resumeRun(*client, *project, id, always, quiet, {});
    FAIL("a complete run was resumed");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
  }
}

TEST_CASE("a running average is a run of its own, which stops and goes on with the one it is of") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "runs.tarn");
  const auto client = tightClient();
  TaskObserver quiet;
  const auto opened = openExperiment(*client, project.get(), kExperiment, always, quiet, {});
  TrainingRequest request = adamw(60);
  request.optimizer = parseOptimizerSpec("adamw:lr=1e-3+average");
  const StoredRun through = trainRun(*client, *project, opened, request, quiet, {});
  CHECK(through.name == "adamw+average");
  const auto average = averageOf(*project, through.id);
  REQUIRE(average);
  CHECK(project->run(*average).name == "adamw+average (average)");
  CHECK(project->run(*average).status == "complete");
  // There is nothing to average before the first step.
  CHECK(project->snapshots(*average).size() + 1 == project->snapshots(through.id).size());
  CHECK_FALSE(averageOf(*project, *average));

  Stopper stopper;
  CHECK_THROWS_AS(trainRun(*client, *project, opened, request, stopper, stopper.stop.get_token()),
                  Error);
  const std::int64_t id = *average + 1;
  const auto part = averageOf(*project, id);
  REQUIRE(part);
  CHECK(project->run(*part).status == "stopped");
  CHECK_FALSE(canResume(project->run(*part)));
  CHECK_THROWS_AS(resumeRun(*client, *project, *part, always, quiet, {}), Error);

  CHECK(resumeRun(*client, *project, id, always, quiet, {}).status == "complete");
  CHECK(project->runs().size() == 4);
  CHECK(project->run(*part).status == "complete");
  CHECK(snapshotsOf(*project, *part) == snapshotsOf(*project, *average));
}

TEST_CASE("a run of every optimizer that there is goes on from its checkpoint to the same bits") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "runs.tarn");
  const auto client = tightClient();
  TaskObserver quiet;
  json experiment = kExperiment;
  experiment["model"]["spec"] = "mlp:64-12-12-12-10@init:1";
  experiment["data"]["subset"] = {{"count", 120}, {"seed", nullptr}};
  const auto opened = openExperiment(*client, project.get(), experiment, always, quiet, {});
  int tried = 0;
  for (const json& rule : knownOptimizers(*client, {})) {
    const auto name = rule.at("name").get<std::string>();
    INFO(name);
    TrainingRequest request;
    request.optimizer = parseOptimizerSpec(name == "temp-balance" ? "adamw+temp-balance:fewest=10"
                                           : rule.at("wrapper").get<bool>() ? "adamw+" + name
                                                                            : name);
    // 24 steps; L-BFGS takes all samples at a time. The only checkpoint is of step 13, so that the
    // run is as one that was killed between it and the end.
    const bool whole = name == "lbfgs";
    request.settings = {{"epochs", whole ? 24 : 8},
                        {"batch_size", whole ? 120 : 40},
                        {"snapshots", {{"mode", "steps"}, {"every", 1}, {"losses", "all"}}},
                        {"checkpoint_every", 13}};
    const StoredRun through = trainRun(*client, *project, opened, request, quiet, {});
    REQUIRE(through.status == "complete");
    REQUIRE(project->checkpoint(through.id));
    REQUIRE(project->checkpoint(through.id)->step == 13);
    const auto average = averageOf(*project, through.id);
    const auto recorded = [&] {
      json all = describe(*project, ResultKind::run, through.id);
      std::vector<std::vector<std::byte>> points = snapshotsOf(*project, through.id);
      if (average) {
        const auto more = snapshotsOf(*project, *average);
        points.insert(points.end(), more.begin(), more.end());
      }
      return std::tuple(all.at("metrics"), all.at("snapshots"), points);
    };
    const auto expected = recorded();

    project->setRunStatus(through.id, "stopped");
    Collector collector;
    collector.run = through.id;
    resumeRun(*client, *project, through.id, always, collector, {});
    CHECK(collector.steps == std::vector<std::int64_t>{14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24});
    CHECK(recorded() == expected);
    ++tried;
  }
  CHECK(tried > 25);
}

TEST_CASE("a run whose tarn was killed counts as stopped and can be gone on with") {
  const TemporaryFolder folder;
  const std::string path = folder / "killed.tarn";
  Program training({"tarn", "train", "--model", "mlp:64-32-32-10@init:1", "--data",
                    sourceFile("resources/digits/digits.npz"), "--transform",
                    "layout=nchw,scale=1/16", "--optimizer", "adamw:lr=1e-3", "--epochs", "100000",
                    "--snapshots", "100000", "--threads", "1", "--out", path});
  const auto begun = [&] {
    if (!std::filesystem::exists(path)) {
      return false;
    }
    const auto project = Project::open(path, Access::read);
    return !project->runs().empty() && project->snapshots(1).size() > 3;
  };
  for (int i = 0; i < 6000 && !begun(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  REQUIRE(begun());
  CHECK(Project::open(path, Access::read)->run(1).status == "running");
  training.signal(SIGKILL);
  CHECK(training.wait().exitCode == 128 + SIGKILL);
  CHECK(Project::open(path, Access::read)->run(1).status == "stopped");

  const auto project = Project::open(path, Access::write);
  const auto before = project->snapshots(1);
  const auto early = project->snapshot(1, before[2].step);
  Stopper stopper;
  stopper.after = before.back().step;
  const auto client = tightClient();
  CHECK_THROWS_AS(resumeRun(*client, *project, 1, always, stopper, stopper.stop.get_token()),
                  Error);
  CHECK(project->snapshots(1).size() > before.size());
  CHECK(project->checkpoint(1)->step >= before.back().step);
  CHECK(project->snapshot(1, before[2].step).parameters.bytes == early.parameters.bytes);
}
