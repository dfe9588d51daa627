#include <algorithm>
#include <cmath>
#include <filesystem>
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
#include "engine/tasks/direction_words.h"
#include "engine/tasks/landscape_task.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

struct SampleOptions {
  ExperimentOptions experiment;
  LandscapeRequest request;
  std::string directions = "hessian:2";
  LandscapeChange change;
  std::string add;
  std::int64_t of = 0;
  bool grows = false;
  std::string plan;
  std::string planOf;
  std::string at;
  std::string out;
  bool resume = false;
  bool estimate = false;
};

std::vector<std::string> splitComma(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// The plan of another landscape, so that both are computed alike to the bit.
nlohmann::json planOf(const std::string& text) {
  const ResultAddress address = parseAddress(text);
  const auto project = Project::open(address.path, Access::read);
  return project->landscape(project->resolve(ResultKind::landscape, address.id)).plan;
}

LandscapeRequest requestOf(const SampleOptions& options) {
  LandscapeRequest request = options.request;
  if (!options.planOf.empty()) {
    request.plan = planOf(options.planOf);
  } else if (!options.plan.empty()) {
    request.plan = options.plan;
  }
  return request;
}

/// What is to be sampled, and around what.
struct Centred {
  LandscapeRequest request;
  std::optional<RunCentre> run;  ///< whose model, data and loss it is
  bool atItsEnd = false;         ///< and whose end is the centre: no checkpoint of between: is
  nlohmann::json experiment;
};

/// The project may be null unless runs are named.
Centred centred(const SampleOptions& options, const Project* project, const GlobalOptions& global) {
  Centred result;
  result.request = requestOf(options);
  if (!options.at.empty()) {
    result.run = runCentre(options.at, *project, options.experiment, global);
    result.request.run = result.run->run;
  }
  result.experiment =
      result.run ? result.run->experiment : experimentOf(options.experiment, global);
  nlohmann::json& model = result.experiment.at("model");
  nlohmann::json moved = modelAtCentre(model, result.request.directions, project);
  result.atItsEnd = result.run && moved == model;
  model = std::move(moved);
  return result;
}

/// A landscape that is begun, and the experiment that was opened for it.
struct Begun {
  std::int64_t landscape = 0;
  OpenedExperiment opened;
};

Begun begin(EngineClient& client, Project& project, const SampleOptions& options,
            const Invocation& invocation, ProgressPrinter& progress,
            std::vector<std::string>& warnings) {
  const Centred centre = centred(options, &project, invocation.global);
  OpenedExperiment opened =
      openExperiment(client, &project, centre.experiment, trustQuestion(invocation.global),
                     progress, invocation.stop);
  if (centre.atItsEnd) {
    warnings = warningsOf(*centre.run, opened);
    progress.finish();
    std::ranges::for_each(warnings, warn);
  } else if (centre.run) {
    progress.finish();
    remark(invocation.global,
           std::format("Centred at the first checkpoint of between:, not at the end of run {}, "
                       "whose model, data and loss these are.",
                       centre.run->run));
  }
  const auto landscape =
      prepareLandscape(client, project, opened, centre.request, trustQuestion(invocation.global),
                       progress, invocation.stop);
  return {landscape.id, std::move(opened)};
}

LandscapeChange changeOf(const SampleOptions& options) {
  LandscapeChange change = options.change;
  if (!options.add.empty()) {
    change.added = options.request;
    change.added->directions = splitComma(options.add);
  }
  return change;
}

StoredLandscape grow(EngineClient& client, Project& project, const SampleOptions& options,
                     const Invocation& invocation, ProgressPrinter& progress) {
  return growLandscape(client, project, project.resolve(ResultKind::landscape, options.of),
                       changeOf(options), trustQuestion(invocation.global), progress,
                       invocation.stop);
}

/// The project to read what a landscape starts from: none when it starts from nothing in one.
std::shared_ptr<Project> projectToRead(const SampleOptions& options) {
  std::error_code ignored;
  if (options.grows || std::filesystem::exists(options.out, ignored)) {
    return Project::open(options.out, Access::read);
  }
  return options.at.empty() ? nullptr : Project::open(parseAddress(options.at).path, Access::read);
}

SamplingCost measuredCost(EngineClient& client, const SampleOptions& options,
                          const Invocation& invocation, ProgressPrinter& progress) {
  const auto project = projectToRead(options);
  const auto trust = trustQuestion(invocation.global);
  if (options.grows) {
    return estimateGrowth(client, *project, project->resolve(ResultKind::landscape, options.of),
                          changeOf(options), trust, progress, invocation.stop);
  }
  const Centred centre = centred(options, project.get(), invocation.global);
  const OpenedExperiment opened = describeExperiment(client, project.get(), centre.experiment,
                                                     trust, progress, invocation.stop);
  return estimateCost(client, opened, centre.request, progress, invocation.stop);
}

/// What the landscape would cost: nothing is sampled, and no project is written.
int estimate(const SampleOptions& options, const Invocation& invocation) {
  if (options.grows && options.out.empty()) {
    throw Error(ErrorCode::usage, "--extend, --refine and --add grow a landscape of a project.",
                "Name the project with --out.");
  }
  ProgressPrinter progress(invocation.global.quiet);
  const auto client = startEngine(invocation);
  const SamplingCost cost = measuredCost(*client, options, invocation, progress);
  progress.finish();
  if (invocation.global.json) {
    printJson({{"points", cost.points},
               {"seconds_per_point", cost.secondsPerPoint},
               {"seconds", cost.seconds},
               {"plan", cost.plan}});
  } else {
    std::cout << std::format("{} of {:.3g} ms, {} at a time: about {:.3g} s\n",
                             counted(cost.points, "point", "points"), 1e3 * cost.secondsPerPoint,
                             cost.plan.value("workers", 1), cost.seconds);
  }
  return 0;
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

nlohmann::json orNull(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
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
                    {"norm", direction.norm},
                    {"eigenvalue", orNull(direction.eigenvalue)},
                    {"curvature", orNull(direction.curvature)},
                    {"defect", orNull(direction.defect)}});
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
          {"gram", set.gram},
          {"normalize", set.normalize},
          {"quantities", landscape.quantities},
          {"tiles", landscape.tiles},
          {"status", toString(landscape.status())},
          {"masked", values.maskedCount()},
          {"minimum", low},
          {"maximum", high},
          {"plan", landscape.plan}};
}

/// What an axis is like beside where it goes.
std::string axisText(const nlohmann::json& axis) {
  std::string text = std::format(
      "  {}: {:.4g} to {:.4g} in {}, length {:.4g}", axis.at("direction").get<std::string>(),
      axis.at("from").get<double>(), axis.at("to").get<double>(),
      counted(axis.at("steps").get<std::size_t>(), "step", "steps"), axis.at("norm").get<double>());
  if (axis.at("curvature").is_number()) {
    text += std::format(", dᵀHd {:.4g}", axis.at("curvature").get<double>());
  }
  if (axis.at("defect").is_number()) {
    text += std::format(", off an eigenvector by {:.2g}", axis.at("defect").get<double>());
  }
  return text;
}

int sample(const SampleOptions& options, const Invocation& invocation) {
  if (options.estimate) {
    return estimate(options, invocation);
  }
  if (options.out.empty()) {
    throw Error(ErrorCode::usage, "No project file is given.",
                "Say where to keep it: --out P.tarn.");
  }
  ProgressPrinter progress(invocation.global.quiet);
  OutputProject project(options.out);
  const auto client = startEngine(invocation);
  std::optional<std::int64_t> id = options.resume ? unfinished(*project) : std::nullopt;
  if (options.resume && !id && options.experiment.text.model.empty()) {
    throw Error(ErrorCode::notFound, options.out + " has no unfinished landscape to resume.",
                "Give --model and --data to sample a new one.");
  }
  std::vector<std::string> warnings;
  if (!id && options.grows) {
    id = grow(*client, *project, options, invocation, progress).id;
  }
  std::optional<Begun> begun;
  if (!id) {
    begun = begin(*client, *project, options, invocation, progress, warnings);
    id = begun->landscape;
  }
  const StoredLandscape landscape =
      fillLandscape(*client, *project, *id, trustQuestion(invocation.global), progress,
                    invocation.stop, begun ? &begun->opened : nullptr);
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
      std::cout << axisText(axis) << '\n';
    }
    if (const auto masked = result.at("masked").get<std::size_t>(); masked > 0) {
      std::cout << "  " << counted(masked, "point is", "points are") << " not finite\n";
    }
  }
  project.close();
  return 0;
}

}  // namespace

void addSample(CLI::App& program, Run& run) {
  auto options = std::make_shared<SampleOptions>();
  CLI::App* command = program.add_subcommand("sample", "the loss on the subspace of directions");
  addExperimentOptions(*command, options->experiment);
  command
      ->add_option("--directions", options->directions,
                   "a comma list, one entry an axis or name:k for k axes: hessian:2, hessian:-1, "
                   "random:2, gradient, update[@RUN], pca:2[@RUN] (of a run of --out), file:PATH, "
                   "between:B, between:A;B[;C] (checkpoints: .safetensors, TorchScript, "
                   "run/ID[@STEP])")
      ->capture_default_str();
  command
      ->add_option("--steps", options->request.steps,
                   "points along an axis; one for all or one "
                   "each")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--range", options->request.range,
                   "auto, rel:0.5 (of ‖θ‖), abs:1, abs:-0.5..1.5 or runs "
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
  command
      ->add_option("--tile", options->request.tilePoints,
                   "points computed and saved together; as many as take half a second, at most, "
                   "unless given")
      ->check(CLI::Range(1, 1 << 20));
  command
      ->add_option("--quantity", options->request.quantities,
                   "more to sample: class-loss, gradient-norm (in the plane)")
      ->delimiter(',');
  command
      ->add_option("--extend", options->change.extend,
                   "grow a landscape of --out by so many steps at either end of an axis; one or "
                   "one each")
      ->delimiter(',');
  command
      ->add_option("--refine", options->change.refine,
                   "cut each step of a landscape of --out into so many; one or one each")
      ->delimiter(',');
  command->add_option("--add", options->add,
                      "add these directions to a landscape of --out, with --steps and --range");
  command->add_option("--of", options->of,
                      "which landscape --extend, --refine and --add are of; the latest otherwise");
  command->add_flag("--estimate", options->estimate,
                    "say what it would cost, without its directions, and sample nothing");
  command
      ->add_option("--plan", options->plan,
                   "reference: the model as it is, in plain batches, whatever is faster")
      ->check(CLI::IsMember({"reference"}));
  command->add_option("--plan-of", options->planOf,
                      "compute as this landscape was computed: NAME.tarn#landscape/ID");
  command->add_option("--at", options->at,
                      "centre at the end of a run: NAME.tarn#run/ID of --out; --model, --data, "
                      "--subset, --transform and --loss are the run's own unless they are given");
  command->add_flag("--resume", options->resume, "go on with the unfinished landscape of --out");
  command->add_option("--out", options->out,
                      "project file; needed, but for the --estimate of a new landscape");
  command->callback([=, &run] {
    options->grows =
        command->count("--extend") + command->count("--refine") + command->count("--add") > 0;
    options->request.directions = splitComma(options->directions);
    run = [=](const Invocation& i) { return sample(*options, i); };
  });
}

}  // namespace tarn::app
