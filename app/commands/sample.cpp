#include <algorithm>
#include <cmath>
#include <format>
#include <iostream>
#include <limits>

#include "app/commands/command.h"
#include "app/experiment_options.h"
#include "app/open_grid.h"
#include "app/output_project.h"
#include "app/progress_printer.h"
#include "app/run_centre.h"
#include "app/wording.h"
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

StoredLandscape begin(EngineClient& client, Project& project, const SampleOptions& options,
                      const Invocation& invocation, ProgressPrinter& progress,
                      std::vector<std::string>& warnings) {
  std::optional<RunCentre> centre;
  if (!options.at.empty()) {
    centre = runCentre(options.at, project, options.experiment, invocation.global);
  }
  const nlohmann::json experiment =
      centre ? centre->experiment : experimentOf(options.experiment, invocation.global);
  LandscapeRequest request = options.request;
  if (!options.planOf.empty()) {
    request.plan = planOf(options.planOf);
  }
  const OpenedExperiment opened = openExperiment(
      client, &project, experiment, trustQuestion(invocation.global), progress, invocation.stop);
  if (centre) {
    warnings = warningsOf(*centre, opened);
    progress.finish();
    std::ranges::for_each(warnings, warn);
  }
  return prepareLandscape(client, project, opened, request, progress, invocation.stop);
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

/// What a landscape does not show although it was asked for.
std::vector<std::string> remarksOn(const StoredLandscape& landscape, const ScalarGrid& grid) {
  std::vector<std::string> all;
  for (const Axis& axis : landscape.axes) {
    if (axis.coordinates.size() == 1) {
      all.push_back("There is one step along " + axis.label +
                    ": the landscape does not extend that way.");
    }
  }
  if (const auto nothing = whyNothingToSee(grid); nothing && grid.size() > 1) {
    all.push_back(grid.maskedCount() < grid.size()
                      ? *nothing
                      : *nothing +
                            " A smaller --range may help; tarn spectrum says the loss at the "
                            "model itself.");
  }
  return all;
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
  OutputProject project(options.out);
  const auto client = startEngine(invocation);
  std::optional<std::int64_t> id = options.resume ? unfinished(*project) : std::nullopt;
  if (options.resume && !id && options.experiment.text.model.empty()) {
    throw Error(ErrorCode::notFound, options.out + " has no unfinished landscape to resume.",
                "Give --model and --data to sample a new one.");
  }
  std::vector<std::string> warnings;
  if (!id) {
    id = begin(*client, *project, options, invocation, progress, warnings).id;
  }
  const StoredLandscape landscape = fillLandscape(
      *client, *project, *id, trustQuestion(invocation.global), progress, invocation.stop);
  progress.finish();
  for (const std::string& more : remarksOn(landscape, project->landscapeGrid(*id, "loss").grid)) {
    warn(more);
    warnings.push_back(more);
  }
  nlohmann::json result = summary(*project, landscape);
  result["warnings"] = warnings;
  if (invocation.global.json) {
    printJson(result);
  } else {
    const auto number = [&](const char* key) { return numberText(result.at(key)); };
    std::cout << result.at("address").get<std::string>() << ": loss from " << number("minimum")
              << " to " << number("maximum") << '\n';
    for (const auto& axis : result.at("axes")) {
      std::cout << std::format("  {}: {:.4g} to {:.4g} in {}\n",
                               axis.at("direction").get<std::string>(),
                               axis.at("from").get<double>(), axis.at("to").get<double>(),
                               counted(axis.at("steps").get<std::size_t>(), "step", "steps"));
    }
  }
  project.close();
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
  command->add_option("--at", options->at,
                      "centre at the end of a run: NAME.tarn#run/ID of --out; --model, --data, "
                      "--subset, --transform and --loss are the run's own unless they are given");
  command->add_flag("--resume", options->resume, "go on with the unfinished landscape of --out");
  command->add_option("--out", options->out, "project file")->required();
  command->callback([=, &run] {
    options->request.directions = splitComma(options->directions);
    run = [=](const Invocation& i) { return sample(*options, i); };
  });
}

}  // namespace tarn::app
