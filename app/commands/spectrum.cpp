#include <algorithm>
#include <format>
#include <iostream>

#include "app/commands/command.h"
#include "app/commands/spectrum_weights.h"
#include "app/experiment_options.h"
#include "app/output_project.h"
#include "app/progress_printer.h"
#include "app/run_centre.h"
#include "app/spectrum_text.h"
#include "engine/tasks/spectrum_task.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

struct SpectrumOptions {
  ExperimentOptions experiment;
  SpectrumRequest request;
  std::string at;
  bool resume = false;
  std::string out;
};

/// The latest spectrum of the experiment that has eigenpairs; none when there is none.
std::optional<std::int64_t> latestOf(const Project& project, std::int64_t experiment,
                                     const std::string& matrix) {
  std::optional<std::int64_t> latest;
  for (const StoredSpectrum& spectrum : project.spectra()) {
    if (spectrum.experiment == experiment &&
        spectrum.result.value("operator", "hessian") == matrix &&
        !spectrum.result.value("eigenvalues", nlohmann::json::array()).empty()) {
      latest = spectrum.id;
    }
  }
  return latest;
}

/// The experiment whose curvature is wanted: that of --at, with what makes its loss another one
/// than the run's, or the one that the options name. It is recorded in `kept`, where that is a
/// project.
OpenedExperiment openFor(const SpectrumOptions& options, EngineClient& client, Project* kept,
                         const Invocation& invocation, ProgressPrinter& progress,
                         std::vector<std::string>& warnings) {
  const auto trust = trustQuestion(invocation.global);
  if (options.at.empty()) {
    return openExperiment(client, kept, experimentOf(options.experiment, invocation.global), trust,
                          progress, invocation.stop);
  }
  const auto read = kept == nullptr ? Project::open(parseAddress(options.at).path, Access::read)
                                    : std::shared_ptr<Project>();
  Project* const project = kept == nullptr ? read.get() : kept;
  const RunCentre centre = runCentre(options.at, *project, options.experiment, invocation.global);
  OpenedExperiment opened =
      kept == nullptr
          ? describeExperiment(client, project, centre.experiment, trust, progress, invocation.stop)
          : openExperiment(client, project, centre.experiment, trust, progress, invocation.stop);
  warnings = warningsOf(centre, opened);
  progress.finish();
  std::ranges::for_each(warnings, warn);
  return opened;
}

int spectrum(const SpectrumOptions& options, const Invocation& invocation) {
  if (options.request.weights && options.at.empty() && options.experiment.text.data.empty()) {
    return weightsAlone(options.experiment, options.out, invocation);
  }
  if (options.resume && options.out.empty()) {
    throw Error(ErrorCode::usage, "--resume goes on with pairs that a project holds.",
                "Name the project with --out.");
  }
  std::optional<OutputProject> kept;
  if (!options.out.empty()) {
    kept.emplace(options.out);
  }
  Project* const project = kept ? kept->get() : nullptr;
  ProgressPrinter progress(invocation.global.quiet);
  const auto client = startEngine(invocation);
  std::vector<std::string> warnings;
  const OpenedExperiment opened =
      openFor(options, *client, project, invocation, progress, warnings);
  SpectrumRequest request = options.request;
  if (options.resume) {
    request.resume = latestOf(*project, opened.id, request.matrix);
  }
  const StoredSpectrum result =
      computeSpectrum(*client, project, opened, request, progress, invocation.stop);
  progress.finish();
  if (invocation.global.json) {
    nlohmann::json document = result.result;
    document["hessian_vector_products"] = document.at("products");
    document.erase("products");
    document["warnings"] = warnings;
    printJson(document);
  } else {
    std::cout << spectrumText(result.result);
    if (options.request.weights) {
      printWeights(result.result.at("weights"));
    }
  }
  return 0;
}

void addPairOptions(CLI::App& command, SpectrumRequest& request) {
  command.add_option("--top", request.top, "how many of the largest")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command.add_option("--bottom", request.bottom, "how many of the smallest")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command
      .add_option("--tolerance", request.tolerance, "residual of a pair relative to its eigenvalue")
      ->check(CLI::Range(1e-12, 1.0))
      ->capture_default_str();
  command
      .add_option("--max-products", request.maxProducts,
                  "Hessian-vector products at most (0: the engine's own bound)")
      ->check(CLI::Range(0, 1000000));
  command
      .add_option("--method", request.method,
                  "lanczos takes the fewest products; chebyshev 5 to 10 times as many, but finds "
                  "every copy of an eigenvalue that comes several times")
      ->check(CLI::IsMember({"lanczos", "chebyshev"}))
      ->capture_default_str();
  command
      .add_option("--operator", request.matrix,
                  "the Hessian, or its Gauss-Newton part, which has no negative eigenvalues")
      ->check(CLI::IsMember({"hessian", "gauss-newton"}))
      ->capture_default_str();
  command
      .add_option("--bulk", request.bulk,
                  "tell outliers from the bulk: at the largest gap, the largest ratio, or as many "
                  "as classes")
      ->expected(0, 1)
      ->default_str("gap")
      ->check(CLI::IsMember({"gap", "log-gap", "classes"}));
}

void addEstimateOptions(CLI::App& command, SpectrumRequest& request) {
  command
      .add_option("--trace", request.trace,
                  "the trace, by Hutchinson's method or by Hutch++, which is better when a few "
                  "eigenvalues dominate")
      ->expected(0, 1)
      ->default_str("hutchinson")
      ->check(CLI::IsMember({"hutchinson", "hutch++"}));
  command.add_option("--probes", request.traceProducts, "products for the trace")
      ->check(CLI::Range(2, 1000000))
      ->capture_default_str();
  command.add_flag("--per-layer", request.perLayer, "the trace of each layer's block");
  command.add_flag("--layer-eigenvalues", request.layerEigenvalues,
                   "the largest eigenvalue of each layer's block as well");
  command.add_flag("--density", request.density,
                   "the density of all eigenvalues, by stochastic Lanczos quadrature");
  command.add_option("--density-steps", request.densitySteps, "Lanczos steps a probe")
      ->check(CLI::Range(2, 10000))
      ->capture_default_str();
  command.add_option("--density-probes", request.densityProbes, "random probes")
      ->check(CLI::Range(2, 10000))
      ->capture_default_str();
  command
      .add_option("--splits", request.splits,
                  "compare the Hessians of two random halves of the data, with so many of their "
                  "leading eigenvectors")
      ->check(CLI::Range(0, 1000));
  command
      .add_option("--inflation", request.inflation,
                  "batch sizes whose largest eigenvalue is compared with that of all data")
      ->delimiter(',')
      ->check(CLI::Range(1, 1 << 30));
  command
      .add_option("--inflation-repeats", request.inflationRepeats, "random batches of each size")
      ->check(CLI::Range(2, 10000))
      ->capture_default_str();
}

}  // namespace

void addSpectrum(CLI::App& program, Run& run) {
  auto options = std::make_shared<SpectrumOptions>();
  CLI::App* command = program.add_subcommand(
      "spectrum",
      "eigenvalues of the Hessian of the loss, their trace and density, or those of the weights");
  addExperimentOptions(*command, options->experiment);
  addPairOptions(*command, options->request);
  addEstimateOptions(*command, options->request);
  command->add_flag("--weights", options->request.weights,
                    "spectra of the weight matrices: power-law exponents, stable rank, "
                    "Marchenko-Pastur edge; without --data these alone");
  command->add_option("--at", options->at,
                      "the model at the end of a run: NAME.tarn#run/ID (of --out, where that is "
                      "given); --model, --data, --subset, --transform and --loss are the run's own "
                      "unless they are given");
  command->add_flag("--resume", options->resume,
                    "go on from the latest pairs of this experiment in --out");
  command->add_option("--out", options->out, "project file to keep the pairs in");
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return spectrum(*options, i); }; });
}

}  // namespace tarn::app
