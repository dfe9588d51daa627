#include "app/demo_experiment.h"

#include <algorithm>
#include <array>

#include "engine/tasks/experiment.h"
#include "engine/tasks/training_task.h"

namespace tarn::app {
namespace {

constexpr const char* kNetwork = "mlp:64-24-24-24-10,act=tanh@init:0";
constexpr const char* kTransform = "layout=nchw,scale=1/16";
constexpr std::array<const char*, 2> kOptimizers{"sgd:lr=0.1,momentum=0.9", "adamw:lr=5e-3"};

nlohmann::json runSettings() {
  return {{"epochs", 30},
          {"batch_size", 64},
          {"order_seed", 0},
          {"schedule", {{"kind", "cosine"}}},
          {"snapshots", {{"mode", "even"}, {"count", 60}}}};
}

// A built-in network is Tarn's own code: there is nothing to trust.
bool neverAsked(const std::string&, const std::string&) {
  return false;
}

void trainRuns(EngineClient& client, Project& project, const OpenedExperiment& opened,
               DemoResult& result, TaskObserver& observer, const std::stop_token& stop) {
  for (const char* optimizer : kOptimizers) {
    TrainingRequest request;
    request.optimizer = parseOptimizerSpec(optimizer);
    request.settings = runSettings();
    result.runs.push_back(trainRun(client, project, opened, request, observer, stop));
    result.ends.push_back(project.snapshots(result.runs.back().id).back());
  }
  const auto best = std::min_element(
      result.ends.begin(), result.ends.end(),
      [](const SnapshotInfo& a, const SnapshotInfo& b) { return a.loss < b.loss; });
  result.better = static_cast<std::size_t>(best - result.ends.begin());
}

void sampleAround(EngineClient& client, Project& project, nlohmann::json experiment,
                  DemoResult& result, TaskObserver& observer, const std::stop_token& stop) {
  experiment["model"]["from"] = {{"run", result.runs[result.better].id},
                                 {"step", result.ends[result.better].step}};
  const OpenedExperiment opened =
      openExperiment(client, &project, experiment, neverAsked, observer, stop);
  const auto sample = [&](const char* name, const char* range) {
    LandscapeRequest request;
    request.name = name;
    request.directions = {"hessian:2"};
    request.steps = {41};
    request.range = {range};
    const auto prepared =
        prepareLandscape(client, project, opened, request, neverAsked, observer, stop);
    return fillLandscape(client, project, prepared.id, neverAsked, observer, stop, &opened);
  };
  result.near = sample("near the runs", "runs");
  result.wide = sample("wide", "rel:0.5");
  result.plane = project.directions(*result.near.directions);
}

void analyzeLandscape(Project& project, DemoResult& result, const std::stop_token& stop) {
  const auto values = project.landscapeGrid(result.wide.id, "loss");
  result.analysis = analyze(values.grid, Connectivity::axes2n, stop);
  StoredAnalysis record;
  record.landscape = result.wide.id;
  record.connectivity = toString(Connectivity::axes2n);
  record.result = toJson(result.analysis, values.grid);
  record.provenance = result.wide.provenance;
  project.addAnalysis(record);
  for (const StoredRun& run : result.runs) {
    result.projected.push_back(projectRun(project, run.id, result.plane, stop));
  }
}

}  // namespace

DemoResult runDemoExperiment(EngineClient& client, Project& project,
                             const std::filesystem::path& data, int threads, TaskObserver& observer,
                             const std::stop_token& stop) {
  ExperimentText text;
  text.model = kNetwork;
  text.data = data.string();
  text.transform = kTransform;
  text.threads = threads;
  const nlohmann::json experiment = experimentFromText(text);

  DemoResult result;
  const OpenedExperiment opened =
      openExperiment(client, &project, experiment, neverAsked, observer, stop);
  trainRuns(client, project, opened, result, observer, stop);
  sampleAround(client, project, experiment, result, observer, stop);
  analyzeLandscape(project, result, stop);
  return result;
}

}  // namespace tarn::app
