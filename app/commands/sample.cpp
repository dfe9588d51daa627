#include <algorithm>
#include <cmath>
#include <filesystem>
#include <format>
#include <iostream>
#include <limits>

#include "app/commands/command.h"
#include "app/experiment_options.h"
#include "app/progress_printer.h"
#include "engine/tasks/landscape_task.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

struct SampleOptions {
  ExperimentOptions experiment;
  LandscapeRequest request;
  std::string directions = "hessian:2";
  std::string planOf;
  std::string at;
  std::string out;
  bool resume = false;
};

// The plan of another landscape, so that both are computed alike to the bit.
nlohmann::json planOf(const std::string& text) {
  const ResultAddress address = parseAddress(text);
  const auto project = Project::open(address.path, Access::read);
  return project->landscape(project->resolve(ResultKind::landscape, address.id)).plan;
}

// `--at P.tarn#run/2`: the parameters at the end of a run of the same project.
void setParameters(nlohmann::json& experiment, const std::string& at, const Project& project) {
  if (at.empty()) {
    return;
  }
  const ResultAddress address = parseAddress(at);
  if (address.kind != ResultKind::run ||
      !std::filesystem::equivalent(address.path, project.path())) {
    throw Error(ErrorCode::usage, "--at " + at + " does not name a run of the --out project.",
                "Write --at NAME.tarn#run/ID with the same NAME.tarn.");
  }
  experiment["model"]["from"] = endOfRun(project, address);
}

StoredLandscape begin(EngineClient& client, Project& project, const SampleOptions& options,
                      const Invocation& invocation, TaskObserver& observer) {
  nlohmann::json experiment = experimentOf(options.experiment, invocation.global);
  setParameters(experiment, options.at, project);
  LandscapeRequest request = options.request;
  if (!options.planOf.empty()) {
    request.plan = planOf(options.planOf);
  }
  const OpenedExperiment opened = openExperiment(
      client, &project, experiment, trustQuestion(invocation.global), observer, invocation.stop);
  return prepareLandscape(client, project, opened, request, observer, invocation.stop);
}

// The latest landscape that is not complete; none when there is nothing to resume.
std::optional<std::int64_t> unfinished(const Project& project) {
  const auto landscapes = project.landscapes();
  for (auto landscape = landscapes.rbegin(); landscape != landscapes.rend(); ++landscape) {
    if (landscape->status() == LandscapeStatus::partial && landscape->experiment) {
      return landscape->id;
    }
  }
  return std::nullopt;
}

nlohmann::json summary(const Project& project, const StoredLandscape& landscape) {
  const auto values = project.landscapeGrid(landscape.id, "loss").grid;
  nlohmann::json axes = nlohmann::json::array();
  const StoredDirections set = project.directions(*landscape.directions);
  for (std::size_t i = 0; i < landscape.axes.size(); ++i) {
    const auto& coordinates = landscape.axes[i].coordinates;
    const auto& direction = set.axes[i];
    axes.push_back({{"direction", direction.name},
                    {"from", coordinates.front()},
                    {"to", coordinates.back()},
                    {"steps", coordinates.size()},
                    {"eigenvalue", direction.eigenvalue ? nlohmann::json(*direction.eigenvalue)
                                                        : nlohmann::json()}});
  }
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : values.values()) {
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return {{"address", formatAddress({project.path(), ResultKind::landscape, landscape.id})},
          {"shape", landscape.shape()},
          {"axes", axes},
          {"tiles", landscape.tiles},
          {"status", toString(landscape.status())},
          {"masked", values.maskedCount()},
          {"minimum", low},
          {"maximum", high},
          {"plan", landscape.plan}};
}

int sample(const SampleOptions& options, const Invocation& invocation) {
  ProgressPrinter progress(invocation.global.quiet);
  const auto project = Project::openOrCreate(options.out);
  const auto client = startEngine(invocation);
  std::optional<std::int64_t> id = options.resume ? unfinished(*project) : std::nullopt;
  if (options.resume && !id && options.experiment.text.model.empty()) {
    throw Error(ErrorCode::notFound, options.out + " has no unfinished landscape to resume.",
                "Give --model and --data to sample a new one.");
  }
  if (!id) {
    id = begin(*client, *project, options, invocation, progress).id;
  }
  const StoredLandscape landscape = fillLandscape(
      *client, *project, *id, trustQuestion(invocation.global), progress, invocation.stop);
  progress.finish();
  const nlohmann::json result = summary(*project, landscape);
  if (invocation.global.json) {
    printJson(result);
  } else {
    std::cout << std::format(
        "{}: loss from {:.6g} to {:.6g}\n", result.at("address").get<std::string>(),
        result.at("minimum").get<double>(), result.at("maximum").get<double>());
    for (const auto& axis : result.at("axes")) {
      std::cout << std::format(
          "  {}: {:.4g} to {:.4g} in {} steps\n", axis.at("direction").get<std::string>(),
          axis.at("from").get<double>(), axis.at("to").get<double>(), axis.at("steps").get<int>());
    }
  }
  project->close();
  return 0;
}

std::vector<std::string> splitComma(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

void addSample(CLI::App& program, Run& run) {
  auto options = std::make_shared<SampleOptions>();
  CLI::App* command = program.add_subcommand("sample", "the loss on the subspace of directions");
  addExperimentOptions(*command, options->experiment);
  command
      ->add_option("--directions", options->directions,
                   "a comma list, one entry an axis or name:k for k axes: hessian:2, hessian:-1, "
                   "random:2")
      ->capture_default_str();
  command
      ->add_option("--steps", options->request.steps,
                   "points along an axis; one for all or one "
                   "each")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--range", options->request.range,
                   "auto, rel:0.5 (of ‖θ‖), abs:1 or runs "
                   "(all runs of --out); one or one each")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--normalize", options->request.normalize, "scale directions like the weights")
      ->check(CLI::IsMember({"none", "layer", "filter", "model"}))
      ->capture_default_str();
  command
      ->add_option("--tolerance", options->request.tolerance,
                   "residual of a Hessian pair relative to its eigenvalue")
      ->capture_default_str();
  command->add_option("--tile", options->request.tilePoints, "points computed and saved together")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command->add_option("--plan-of", options->planOf,
                      "compute as this landscape was computed: NAME.tarn#landscape/ID");
  command->add_option("--at", options->at, "centre at the end of a run: NAME.tarn#run/ID");
  command->add_flag("--resume", options->resume, "go on with the unfinished landscape of --out");
  command->add_option("--out", options->out, "project file")->required();
  command->callback([=, &run] {
    options->request.directions = splitComma(options->directions);
    run = [=](const Invocation& i) { return sample(*options, i); };
  });
}

}  // namespace tarn::app
