#include "engine/tasks/direction_words.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <sstream>

#include "engine/tasks/arrays.h"
#include "engine/tasks/experiment.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/snapshot_directions.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

constexpr std::string_view kBetween = "between:";

Error unreadableWord(const std::string& word) {
  return {ErrorCode::usage, "The direction '" + word + "' cannot be read.",
          "Write hessian:2, hessian:-1, random:2, gradient, update[@RUN], pca:2[@RUN], "
          "between:B, between:A;B[;C] or file:PATH."};
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failure == std::errc() && stop == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// The checkpoints of a `between`; none for another word.
std::vector<std::string> checkpointsIn(const std::string& word) {
  std::vector<std::string> parts;
  if (!word.starts_with(kBetween)) {
    return parts;
  }
  std::istringstream stream(word.substr(kBetween.size()));
  for (std::string part; std::getline(stream, part, ';');) {
    parts.push_back(part);
  }
  const bool empty =
      std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
  if (parts.empty() || parts.size() > 3 || empty) {
    throw unreadableWord(word);
  }
  return parts;
}

/// Those of them that are the ends of axes.
std::vector<std::string> endsIn(const std::string& word) {
  auto parts = checkpointsIn(word);
  if (parts.size() > 1) {
    parts.erase(parts.begin());
  }
  return parts;
}

/// {run, step} of run/ID or run/ID@STEP, {spec} of anything else; a step of null is the last one.
json checkpointFromText(const std::string& text) {
  if (!text.starts_with("run/")) {
    return {{"spec", modelIsFile(text) ? absoluteModel(text) : text}};
  }
  const auto at = text.find('@');
  const auto run = wholeNumber(
      std::string_view(text).substr(4, at == std::string::npos ? std::string::npos : at - 4));
  const auto step =
      at == std::string::npos ? std::nullopt : wholeNumber(std::string_view(text).substr(at + 1));
  if (!run || (at != std::string::npos && !step)) {
    throw Error(ErrorCode::usage, "'" + text + "' is no snapshot of a run.",
                "Write run/ID for its end, or run/ID@STEP.");
  }
  return {{"run", *run}, {"step", step ? json(*step) : json()}};
}

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

/// "pca" or "update", a count and a run.
struct RunWord {
  std::string kind;
  std::int64_t count = 1;
  std::optional<std::int64_t> run;
};

std::optional<RunWord> runWord(const std::string& word) {
  const auto at = word.find('@');
  const std::string head = word.substr(0, at);
  const auto colon = head.find(':');
  RunWord result{head.substr(0, colon), 1, std::nullopt};
  if (result.kind != "pca" && result.kind != "update") {
    return std::nullopt;
  }
  if (colon != std::string::npos) {
    result.count = wholeNumber(std::string_view(head).substr(colon + 1)).value_or(0);
  }
  if (at != std::string::npos) {
    std::string_view run = std::string_view(word).substr(at + 1);
    run.remove_prefix(run.starts_with("run/") ? 4 : 0);
    result.run = wholeNumber(run);
  }
  const bool fits = result.count >= 1 && result.count <= 16 &&
                    (result.kind == "pca" || colon == std::string::npos) &&
                    (at == std::string::npos || result.run);
  if (!fits) {
    throw unreadableWord(word);
  }
  return result;
}

std::int64_t runFor(const Project& project, const OpenedExperiment& opened, const RunWord& word,
                    std::optional<std::int64_t> run) {
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

void addRunWord(DirectionSpecs& specs, EngineClient& client, const Project& project,
                const RunWord& word, std::int64_t run, const std::stop_token& stop) {
  const auto add = [&](const std::string& name, const NdArray& vector) {
    specs.spec.push_back({{"kind", word.kind},
                          {"name", name},
                          {"array", putArray(client, toArrayBytes(vector), stop)}});
  };
  if (word.kind == "update") {
    add("update", lastUpdate(project, run));
    return;
  }
  const auto ways = mainWays(project, run, static_cast<std::size_t>(word.count), stop);
  double share = 0;
  for (std::size_t i = 0; i < ways.directions.size(); ++i) {
    add("pca:" + std::to_string(i + 1), ways.directions[i]);
    share += ways.shares[i];
  }
  specs.remarks.push_back(std::format("Run {}: {} of its motion lies along pca:1{}.", run,
                                      percentText(share),
                                      word.count > 1 ? std::format(" to pca:{}", word.count) : ""));
}

}  // namespace

std::size_t axesOfWords(const std::vector<std::string>& words) {
  std::size_t axes = 0;
  for (const std::string& word : words) {
    if (word.starts_with(kBetween)) {
      axes += endsIn(word).size();
    } else if (const auto ofRun = runWord(word)) {
      axes += static_cast<std::size_t>(ofRun->count);
    } else if (word.starts_with("file:") || word == "gradient") {
      ++axes;
    } else {
      const auto colon = word.rfind(':');
      const int count = colon == std::string::npos ? 1 : std::atoi(word.c_str() + colon + 1);
      axes += static_cast<std::size_t>(std::clamp(std::abs(count), 1, 1000));
    }
  }
  return axes;
}

json modelAtCentre(json model, const std::vector<std::string>& words, const Project* project) {
  std::vector<std::string> centres;
  for (const std::string& word : words) {
    if (const auto parts = checkpointsIn(word); parts.size() > 1) {
      centres.push_back(parts.front());
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
  for (const std::string& word : words) {
    if (word.starts_with(kBetween)) {
      for (const std::string& end : endsIn(word)) {
        specs.spec.push_back(
            {{"kind", "between"},
             {"name", std::string(kBetween) + shortName(end)},
             {"checkpoint",
              preparedCheckpoint(client, project, checkpointFromText(end), ask, stop)}});
      }
    } else if (const auto ofRun = runWord(word)) {
      addRunWord(specs, client, project, *ofRun, runFor(project, opened, *ofRun, run), stop);
    } else if (word.starts_with("file:")) {
      specs.spec.push_back("file:" + std::filesystem::absolute(word.substr(5)).string());
    } else {
      specs.spec.push_back(word);
    }
  }
  return specs;
}

json checkpointsOf(const std::vector<std::string>& words) {
  json ends = json::array();
  bool any = false;
  for (const std::string& word : words) {
    const auto parts = endsIn(word);
    any = any || !parts.empty();
    for (const std::string& part : parts) {
      ends.push_back(checkpointFromText(part));
    }
    for (auto i = parts.empty() ? axesOfWords({word}) : 0; i > 0; --i) {
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
