// The SMAD of snapshots that is measured beside the training.
#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "begun_runs.h"
#include "engine/tasks/landscape_task.h"
#include "engine/tasks/run_comparison.h"
#include "engine/tasks/smad_probe.h"
#include "engine/tasks/training_group.h"
#include "support/paths.h"
#include "support/program.h"
#include "topology/analysis/analysis.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

bool trustAll(const std::string& /*path*/, const std::string& /*sha256*/) {
  return true;
}

std::vector<std::string> smallTraining(const std::string& project,
                                       const std::vector<std::string>& more) {
  std::vector<std::string> words{"tarn",        "train",
                                 "--model",     "mlp:64-8-10@init:3",
                                 "--data",      sourceFile("resources/digits/digits.npz"),
                                 "--subset",    "300@1",
                                 "--transform", "layout=nchw,scale=1/16",
                                 "--optimizer", "sgd:lr=0.1",
                                 "--snapshots", "8",
                                 "--threads",   "1",
                                 "--quiet",     "--json",
                                 "--out",       project};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

json succeeds(const std::vector<std::string>& words) {
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

std::string writtenIn(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::map<std::int64_t, double> smadOfSteps(const Project& project, std::int64_t run) {
  std::map<std::int64_t, double> all;
  for (const StoredMetric& row : project.metrics(run)) {
    if (const auto found = probeOf(row, kSmad)) {
      all[row.step] = *found;
    }
  }
  return all;
}

/// Every second one, and the last.
std::vector<std::int64_t> everySecond(const Project& project, std::int64_t run) {
  const auto snapshots = project.snapshots(run);
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    if (i % 2 == 0 || i + 1 == snapshots.size()) {
      steps.push_back(snapshots[i].step);
    }
  }
  return steps;
}

std::vector<std::int64_t> stepsOf(const std::map<std::int64_t, double>& numbers) {
  std::vector<std::int64_t> steps;
  steps.reserve(numbers.size());
  for (const auto& [step, number] : numbers) {
    steps.push_back(step);
  }
  return steps;
}

void requireSameRun(const Project& one, const Project& other) {
  const auto snapshots = one.snapshots(1);
  REQUIRE(snapshots.size() == other.snapshots(1).size());
  for (const SnapshotInfo& info : snapshots) {
    CHECK(one.snapshot(1, info.step).parameters.bytes ==
          other.snapshot(1, info.step).parameters.bytes);
  }
  const auto rows = one.metrics(1);
  const auto others = other.metrics(1);
  for (const StoredMetric& row : rows) {
    const auto same = std::ranges::find(others, row.step, &StoredMetric::step);
    REQUIRE(same != others.end());
    CHECK((same->loss == row.loss || (std::isnan(same->loss) && std::isnan(row.loss))));
  }
}

/// SMAD of the landscape around a snapshot, by the way of `tarn sample` and `tarn analyze`.
double sampledSmad(Project& project, std::int64_t step) {
  const auto client = EngineClient::start();
  TaskObserver quiet;
  json experiment = project.experiment(project.run(1).experiment).experiment;
  experiment["model"]["from"] = {{"run", 1}, {"step", step}};
  const auto opened = openExperiment(*client, &project, experiment, trustAll, quiet, {});
  LandscapeRequest request;
  request.directions = {"random:2"};
  request.normalize = "filter";
  request.steps = {11};
  request.range = {"rel:1"};
  request.plan = "reference";
  const auto prepared = prepareLandscape(*client, project, opened, request, trustAll, quiet, {});
  fillLandscape(*client, project, prepared.id, trustAll, quiet, {});
  return analyze(project.landscapeGrid(prepared.id, "loss").grid, Connectivity::axes2n).smad.plain;
}

}  // namespace

TEST_CASE("SMAD beside a training is that of sample and analyze, and changes no bit of the run") {
  const TemporaryFolder folder;
  const std::string with = folder / "with.tarn";
  const std::string without = folder / "without.tarn";
  const std::vector<std::string> training{"--epochs", "6", "--validation", "0.2"};
  auto measured = training;
  measured.insert(measured.end(), {"--smad", "2"});
  const json document = succeeds(smallTraining(with, measured));
  succeeds(smallTraining(without, training));
  CHECK(document.at("warnings").empty());

  std::map<std::int64_t, double> numbers;
  {
    const auto project = Project::open(with, Access::write);
    requireSameRun(*Project::open(without, Access::read), *project);
    CHECK(smadOfSteps(*Project::open(without, Access::read), 1).empty());
    numbers = smadOfSteps(*project, 1);
    CHECK(stepsOf(numbers) == everySecond(*project, 1));
    // No landscape is left behind, which figures of the runs would take for theirs.
    CHECK(project->landscapes().empty());
    CHECK(project->experiments().size() == 1);
    for (const std::int64_t step : {numbers.begin()->first, std::next(numbers.begin(), 2)->first}) {
      INFO(step);
      CHECK(numbers.at(step) == sampledSmad(*project, step));
    }
    // Somewhere there is more than one basin, or all this would be of zeros.
    CHECK(std::ranges::any_of(numbers, [](const auto& one) { return one.second > 0; }));
    project->close();
  }

  succeeds({"tarn", "sample", "--at", with + "#run/1", "--directions", "random:2", "--normalize",
            "filter", "--steps", "11", "--range", "rel:1", "--plan", "reference", "--quiet",
            "--json", "--out", with});
  const json analysis = succeeds({"tarn", "analyze", with, "--json"});
  const json& analysed = analysis.is_array() ? analysis.at(0) : analysis;
  CHECK(analysed.at("smad") == numbers.rbegin()->second);
  CHECK(document.at("runs").at(0).at("smad") == analysed.at("smad"));
  const auto project = Project::open(with, Access::read);
  const auto last = project->metrics(1).back();
  CHECK(probeOf(last, kSmadNormalized) == analysed.at("smad_normalized").get<double>());
  CHECK(probeOf(last, kSmadMinima) == analysed.at("minima").get<double>());
  CHECK(probeOf(last, kValidationLoss).has_value());
}

TEST_CASE("SMAD of runs is drawn, compared and exported") {
  const TemporaryFolder folder;
  const std::string path = folder / "runs.tarn";
  const json document = succeeds(smallTraining(path, {"--epochs", "2", "--smad", "3,steps=5"}));
  const json number = document.at("runs").at(0).at("smad");
  REQUIRE(number.is_number());
  const json curves = succeeds(
      {"tarn", "render", path, "--view", "curves", "--json", "--out", folder / "curves.svg"});
  CHECK(curves.at("parts").back() == "smad");
  const json compared = succeeds({"tarn", "compare", "--runs", path, "--json"});
  CHECK(compared.at("runs").at(0).at("smad") == number);
  succeeds({"tarn", "export", path, "--what", "runs", "--json", "--out", folder / "runs.csv"});
  std::istringstream table(writtenIn(folder / "runs.csv"));
  std::string heading;
  std::getline(table, heading);
  CHECK(heading ==
        "run,name,step,epoch,loss,accuracy,gradient_norm,step_norm,rate,smad,smad_normalized,"
        "smad_minima");
  succeeds({"tarn", "export", path, "--what", "runs", "--json", "--out", folder / "runs.json"});
  const json exported = json::parse(writtenIn(folder / "runs.json"));
  CHECK(exported.at("runs").at(0).at("metrics").back().at("probes").at("smad") == number);
  CHECK(exported.at("runs").at(0).at("settings").at("smad") ==
        json{{"every", 3}, {"steps", 5}, {"range", 1.0}});
}

TEST_CASE("a SMAD that cannot be measured is said, and ends no run") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "runs.tarn");
  std::atomic<int> started = 0;
  TrainingGroup group;
  group.startEngine = [&](const std::stop_token&) {
    if (started++ > 0) {
      throw Error(ErrorCode::engine, "There is no second engine.");
    }
    return EngineClient::start();
  };
  group.experiment = {{"model", {{"spec", "mlp:64-8-10@init:3"}}},
                      {"data",
                       {{"path", sourceFile("resources/digits/digits.npz")},
                        {"subset", {{"count", 100}, {"seed", nullptr}}},
                        {"transform", {{"layout", "nchw"}, {"scale", 0.0625}}}}},
                      {"loss", "cross-entropy"},
                      {"threads", 1}};
  GroupMember member;
  member.request.optimizer = parseOptimizerSpec("sgd:lr=0.1");
  member.request.settings = {{"epochs", 2},
                             {"snapshots", {{"mode", "even"}, {"count", 6}}},
                             {"smad", toJson(SmadWish{.every = 1})}};
  group.members = {member};
  struct Listener : TaskObserver {
    void onRemark(const std::string& remark) override { remarks.push_back(remark); }
    std::vector<std::string> remarks;
  } listener;
  const auto outcomes = trainGroup(group, *project, trustAll, listener, {});
  REQUIRE(outcomes.size() == 1);
  // Said at once, and only once.
  REQUIRE(listener.remarks.size() == 1);
  CHECK_THAT(listener.remarks[0], ContainsSubstring("The SMAD of run 1 could not be measured: "
                                                    "at step 0, There is no second engine."));
  CHECK(outcomes[0].run->status == "complete");
  CHECK_FALSE(outcomes[0].error);
  REQUIRE(outcomes[0].smadProblem);
  CHECK_THAT(*outcomes[0].smadProblem, ContainsSubstring("There is no second engine."));
  // Three times is enough.
  CHECK(started == 1 + 3);
}

TEST_CASE("a run that goes on has the SMAD of all that it would have had") {
  const TemporaryFolder folder;
  const std::string path = folder / "stopped.tarn";
  const std::vector<std::string> more{"--epochs", "400", "--smad", "2,steps=5"};
  Program training(smallTraining(path, more));
  REQUIRE(awaitRuns(path, 1, 2));
  training.signal(SIGINT);
  const auto stopped = training.wait();
  INFO(stopped.err);
  // On a quick machine it may be trained before the signal comes, and then has no more to do.
  REQUIRE((stopped.exitCode == 130 || stopped.exitCode == 0));
  if (Project::open(path, Access::read)->run(1).status == "complete") {
    return;
  }
  succeeds({"tarn", "train", "--resume", "--out", path, "--json", "--quiet"});
  const std::string through = folder / "through.tarn";
  succeeds(smallTraining(through, more));
  const auto project = Project::open(path, Access::read);
  const auto numbers = smadOfSteps(*project, 1);
  CHECK(stepsOf(numbers) == everySecond(*project, 1));
  CHECK(numbers == smadOfSteps(*Project::open(through, Access::read), 1));
}

TEST_CASE("wrong words for SMAD are answered before anything is begun") {
  const TemporaryFolder folder;
  for (const char* wrong : {"0", "-1", "often", "10,", "10,steps=2", "10,range=0", "10,size=4"}) {
    INFO(wrong);
    const auto result = run(smallTraining(folder / "runs.tarn", {"--smad", wrong}));
    CHECK(result.exitCode == 2);
    CHECK_THAT(result.err, ContainsSubstring("--smad does not understand"));
  }
  CHECK(smadFromText("5") == SmadWish{5, 11, 1});
  CHECK(smadFromText("5,range=0.5,steps=21") == SmadWish{5, 21, 0.5});
  CHECK(smadOf({{"smad", toJson(SmadWish{5, 21, 0.5})}}) == SmadWish{5, 21, 0.5});
  CHECK_FALSE(smadOf({{"epochs", 3}}));
  CHECK_THROWS_AS(smadOf({{"smad", {{"every", 0}, {"steps", 5}, {"range", 1.0}}}}), Error);
  CHECK_THROWS_AS(smadOf({{"smad", "often"}}), Error);
}
