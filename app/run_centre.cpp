#include "app/run_centre.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <format>
#include <limits>

#include "app/wording.h"
#include "engine/protocol/fields.h"
#include "topology/base/error.h"
#include "topology/base/text.h"

namespace tarn::app {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

std::int64_t runOf(const std::string& at, const Project& project) {
  const ResultAddress address = parseAddress(at);
  std::error_code ignored;
  if (address.kind != ResultKind::run ||
      !std::filesystem::equivalent(address.path, project.path(), ignored)) {
    const std::string name = project.path().string();
    throw Error(ErrorCode::usage, "--at " + at + " does not name a run of " + name + ".",
                "Write --at " + name + "#run/ID; tarn info " + name + " lists its runs.");
  }
  return project.resolve(ResultKind::run, address.id);
}

/// A built-in without the parameters that it starts from: those of the run take their place.
std::string networkOf(const std::string& model) {
  return modelIsFile(model) ? model : model.substr(0, model.find('@'));
}

// Two files may hold the same model: their hashes are compared when the experiment is opened.
void requireSameModel(const std::string& runs, const std::string& given, std::int64_t run) {
  const bool files = modelIsFile(runs) && modelIsFile(given);
  if (!files && networkOf(runs) != networkOf(given)) {
    throw Error(
        ErrorCode::usage,
        std::format("--model {} is not the model of run {}, which is {}.", given, run, runs),
        "Leave --model out: the run's own is taken.");
  }
}

std::string shown(const std::string& text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

/// How many of the run's own samples it did not train on; further ones from a file are not among
/// them.
std::int64_t heldOutOf(const StoredRun& run) {
  const bool part = run.settings.is_object() &&
                    run.settings.value("validation", nlohmann::json()).contains("fraction");
  return part && run.facts.is_object() ? run.facts.value("validation_samples", std::int64_t{0}) : 0;
}

std::vector<std::string> differencesOf(const ExperimentText& runs, const ExperimentText& here) {
  std::vector<std::string> all;
  const auto compare = [&](const char* option, const std::string& ours, const std::string& theirs,
                           const char* empty) {
    if (ours != theirs) {
      all.push_back(std::format("{} is {} (the run's: {})", option, shown(ours, empty),
                                shown(theirs, empty)));
    }
  };
  compare("--subset", here.subset, runs.subset, "all samples");
  compare("--transform", here.transform, runs.transform, "none");
  compare("--loss", here.loss, runs.loss, "");
  compare("--mode", here.mode, runs.mode, "");
  compare("--bn", here.batchnorm, runs.batchnorm, "");
  return all;
}

}  // namespace

RunCentre runCentre(const std::string& at, const Project& project, const ExperimentOptions& options,
                    const GlobalOptions& global) {
  RunCentre centre;
  centre.run = runOf(at, project);
  centre.end = lastSnapshot(project, centre.run);

  const StoredRun run = project.run(centre.run);
  const StoredExperiment stored = project.experiment(run.experiment);
  const ExperimentText runs = textFromExperiment(stored.experiment);
  ExperimentText text = runs;
  const ExperimentText& given = options.text;
  const auto take = [&](const char* option, std::string ExperimentText::* part) {
    if (options.given(option)) {
      text.*part = given.*part;
    }
  };
  take("--model", &ExperimentText::model);
  take("--data", &ExperimentText::data);
  take("--loss", &ExperimentText::loss);
  take("--subset", &ExperimentText::subset);
  take("--transform", &ExperimentText::transform);
  take("--mode", &ExperimentText::mode);
  take("--bn", &ExperimentText::batchnorm);
  if (options.given("--parameters") && given.parameters != runs.parameters) {
    throw Error(
        ErrorCode::usage,
        std::format("--parameters are {}, but those of run {} are {}.",
                    shown(given.parameters, "all"), centre.run, shown(runs.parameters, "all")),
        "Leave --parameters out: the run's own are taken.");
  }
  centre.experiment = experimentOf(text, global);
  const ExperimentText here = textFromExperiment(centre.experiment);
  requireSameModel(runs.model, here.model, centre.run);
  centre.differences = differencesOf(runs, here);
  if (const std::int64_t heldOut = heldOutOf(run);
      heldOut > 0 && here.data == runs.data && here.subset == runs.subset) {
    centre.differences.push_back(
        std::format("the {} that it held out count as well",
                    counted(static_cast<std::size_t>(heldOut), "sample", "samples")));
  }
  centre.data = runs.data;
  centre.dataHash = stored.dataHash;
  nlohmann::json& model = centre.experiment["model"];
  model["from"] = {{"run", centre.run}, {"step", centre.end.step}};
  if (modelIsFile(here.model) && !stored.modelHash.empty()) {
    model["sha256"] = stored.modelHash;
  }
  return centre;
}

std::vector<std::string> warningsOf(const RunCentre& centre, const OpenedExperiment& opened) {
  const double loss = optionalNumber(opened.described, "loss").value_or(kUndefined);
  const double recorded = centre.end.loss;
  const std::string losses =
      std::isfinite(recorded)
          ? std::format("The centre's loss is {:.6g}, run {} recorded {:.6g} there.", loss,
                        centre.run, recorded)
          : std::format("The centre's loss is {:.6g}.", loss);
  std::vector<std::string> differences = centre.differences;
  if (centre.dataHash != opened.described.value("data_sha256", centre.dataHash)) {
    const std::string here = textFromExperiment(opened.experiment).data;
    differences.push_back(here == centre.data
                              ? here + " has changed since the run"
                              : std::format("--data is {} (the run's: {})", here, centre.data));
  }
  if (!differences.empty()) {
    return {std::format("This is not the loss that run {} went down: {}. {}", centre.run,
                        joined(differences), losses)};
  }
  // Sums over a data set differ by their order: a thousand roundings in single precision.
  constexpr double kTolerance = 1e3 * std::numeric_limits<float>::epsilon();
  if (std::isfinite(recorded) &&
      !(std::abs(loss - recorded) <= kTolerance * std::max(1.0, std::abs(recorded)))) {
    return {losses + " They were not evaluated alike."};
  }
  return {};
}

}  // namespace tarn::app
