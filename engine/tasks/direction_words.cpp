#include "engine/tasks/direction_words.h"

#include <algorithm>
#include <filesystem>
#include <format>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "engine/tasks/arrays.h"
#include "engine/tasks/direction_text.h"
#include "engine/tasks/experiment.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/snapshot_directions.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

std::int64_t stepOf(const Project& project, const json& checkpoint) {
  if (!checkpoint.at("step").is_null()) {
    return checkpoint.at("step").get<std::int64_t>();
  }
  const auto run = checkpoint.at("run").get<std::int64_t>();
  const auto snapshots = project.snapshots(run);
  if (snapshots.empty()) {
    throw Error(ErrorCode::notFound, std::format("Run {} has no snapshot.", run));
  }
  return snapshots.back().step;
}

bool isWeightsFile(const std::string& path) {
  return path.ends_with(".safetensors") && path.find('@') == std::string::npos;
}

/// A checkpoint in an axis's name.
std::string shortName(const std::string& end) {
  return end.starts_with("run/") ? end : std::filesystem::path(end).filename().string();
}

std::int64_t runFor(const Project& project, const OpenedExperiment& opened,
                    const DirectionWord& word, std::optional<std::int64_t> run) {
  if (word.run) {
    return *word.run;
  }
  if (run) {
    return *run;
  }
  const auto runs = runsInSpaceOf(project, opened.id);
  if (runs.empty()) {
    throw Error(ErrorCode::notFound,
                "The project has no training run of this model, which the direction " + word.kind +
                    " is of.",
                "Train with the same --out first, or name other directions.");
  }
  return runs.back().id;
}

/// The main ways of runs, as words take them one after the other.
class Ways {
 public:
  Ways(const Project& project, const std::stop_token& stop) : project_(project), stop_(stop) {}

  void expect(std::int64_t run, std::int64_t count) { expected_[run] += count; }

  /// The run's next way and its place, counted from 1.
  std::pair<std::int64_t, NdArray> next(std::int64_t run) {
    const auto found = found_.try_emplace(run);
    Found& ways = found.first->second;
    if (found.second) {
      ways.all = mainWays(project_, run, static_cast<std::size_t>(expected_.at(run)), stop_);
    }
    const auto place = ways.taken++;
    return {place + 1, ways.all.directions.at(static_cast<std::size_t>(place))};
  }

  /// How much of the runs' motion was taken.
  std::vector<std::string> remarks() const {
    std::vector<std::string> all;
    for (const auto& [run, ways] : found_) {
      const double share = std::accumulate(ways.all.shares.begin(), ways.all.shares.end(), 0.0);
      all.push_back(std::format("Run {}: {} of its motion lies along pca:1{}.", run,
                                percentText(share),
                                ways.taken > 1 ? std::format(" to pca:{}", ways.taken) : ""));
    }
    return all;
  }

 private:
  struct Found {
    MainWays all;
    std::int64_t taken = 0;
  };

  const Project& project_;
  const std::stop_token& stop_;
  std::map<std::int64_t, std::int64_t> expected_;
  std::map<std::int64_t, Found> found_;
};

std::vector<DirectionWord> parsed(const std::vector<std::string>& words) {
  std::vector<DirectionWord> all;
  std::ranges::transform(words, std::back_inserter(all), parseDirection);
  return all;
}

}  // namespace

std::size_t axesOfWords(const std::vector<std::string>& words) {
  std::size_t axes = 0;
  for (const DirectionWord& word : parsed(words)) {
    axes += word.axes();
  }
  return axes;
}

json modelAtCentre(json model, const std::vector<std::string>& words, const Project* project) {
  std::vector<std::string> centres;
  for (const DirectionWord& word : parsed(words)) {
    if (word.checkpoints.size() > 1) {
      centres.push_back(word.checkpoints.front());
    }
  }
  if (centres.empty()) {
    return model;
  }
  if (centres.size() > 1) {
    throw Error(ErrorCode::usage,
                "Several directions want a centre: " + centres[0] + " and " + centres[1] + ".",
                "Write between:A;B;C for the plane through three checkpoints.");
  }
  json centre = checkpointFromText(centres.front());
  if (centre.contains("run")) {
    if (project == nullptr) {
      throw Error(ErrorCode::usage, "Parameters from a run need the project that holds the run.");
    }
    centre["step"] = stepOf(*project, centre);
    model["from"] = centre;
    return model;
  }
  const std::string spec = model.at("spec");
  std::string path = centre.at("spec");
  if (isWeightsFile(path) && modelIsFile(spec)) {
    throw Error(ErrorCode::usage,
                "The centre " + path + " holds weights alone, and the model is a TorchScript file.",
                "Name a TorchScript file as the first checkpoint, or leave it out: the model is "
                "the centre then.");
  }
  model.erase("from");
  model.erase("sha256");
  model["spec"] = isWeightsFile(path) ? spec.substr(0, spec.find('@')) + "@" + path : path;
  return model;
}

DirectionSpecs directionSpecsFor(EngineClient& client, Project& project,
                                 const OpenedExperiment& opened,
                                 const std::vector<std::string>& words,
                                 std::optional<std::int64_t> run, const TrustQuestion& ask,
                                 const std::stop_token& stop) {
  DirectionSpecs specs;
  const auto all = parsed(words);
  Ways ways(project, stop);
  for (const DirectionWord& word : all) {
    if (word.kind == "pca") {
      ways.expect(runFor(project, opened, word, run), word.count);
    }
  }
  const auto add = [&](const std::string& kind, const std::string& name, const NdArray& vector) {
    specs.spec.push_back(
        {{"kind", kind}, {"name", name}, {"array", putArray(client, toArrayBytes(vector), stop)}});
  };
  for (const DirectionWord& word : all) {
    if (word.kind == "between") {
      for (const std::string& end : word.ends()) {
        specs.spec.push_back(
            {{"kind", "between"},
             {"name", "between:" + shortName(end)},
             {"checkpoint",
              preparedCheckpoint(client, project, checkpointFromText(end), ask, stop)}});
      }
    } else if (word.kind == "pca") {
      for (std::int64_t i = 0; i < word.count; ++i) {
        const auto [place, way] = ways.next(runFor(project, opened, word, run));
        add("pca", "pca:" + std::to_string(place), way);
      }
    } else if (word.kind == "update") {
      add("update", "update", lastUpdate(project, runFor(project, opened, word, run)));
    } else if (word.kind == "file") {
      specs.spec.push_back("file:" + std::filesystem::absolute(word.path).string());
    } else {
      specs.spec.push_back(toString(word));
    }
  }
  specs.remarks = ways.remarks();
  return specs;
}

json checkpointsOf(const std::vector<std::string>& words) {
  json ends = json::array();
  bool any = false;
  for (const DirectionWord& word : parsed(words)) {
    any = any || word.kind == "between";
    for (const std::string& end : word.ends()) {
      ends.push_back(checkpointFromText(end));
    }
    for (auto i = word.kind == "between" ? 0 : word.axes(); i > 0; --i) {
      ends.push_back(nullptr);
    }
  }
  return any ? ends : json::array();
}

json preparedCheckpoint(EngineClient& client, const Project& project, const json& checkpoint,
                        const TrustQuestion& ask, const std::stop_token& stop) {
  if (checkpoint.contains("run")) {
    const auto snapshot =
        project.snapshot(checkpoint.at("run").get<std::int64_t>(), stepOf(project, checkpoint));
    json result{{"array", putArray(client, toArrayBytes(snapshot.parameters), stop)}};
    if (snapshot.buffers) {
      result["buffers"] = putArray(client, toArrayBytes(*snapshot.buffers), stop);
    }
    return result;
  }
  json result = checkpoint;
  if (!isWeightsFile(checkpoint.at("spec"))) {
    prepareModel(client, nullptr, result, ask, stop);
  }
  return result;
}

}  // namespace tarn
