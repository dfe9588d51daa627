#include <format>
#include <iostream>

#include "app/commands/command.h"
#include "app/commands/spectrum_weights.h"
#include "app/experiment_options.h"
#include "app/output_project.h"
#include "app/progress_printer.h"
#include "engine/tasks/spectrum_task.h"

namespace tarn::app {
namespace {

struct SpectrumOptions {
  ExperimentOptions experiment;
  SpectrumRequest request;
  std::string out;
};

void printSpectrum(const nlohmann::json& result) {
  const auto& values = result.at("eigenvalues");
  const auto& residuals = result.at("residuals");
  std::cout << std::format(
                   "loss {:.6g} on {} samples, {} parameters, {} Hessian-vector products, "
                   "{:.1f} s\n",
                   result.at("loss").get<double>(), result.at("samples").get<int>(),
                   result.at("parameters").get<std::int64_t>(), result.at("products").get<int>(),
                   result.at("seconds").get<double>())
            << "    eigenvalue    residual\n";
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::cout << std::format("{:14.6g}  {:10.2e}\n", values[i].get<double>(),
                             residuals[i].get<double>());
  }
}

int spectrum(const SpectrumOptions& options, const Invocation& invocation) {
  if (options.request.weights && options.experiment.text.data.empty()) {
    return weightsAlone(options.experiment, options.out, invocation);
  }
  const nlohmann::json experiment = experimentOf(options.experiment, invocation.global);
  std::optional<OutputProject> kept;
  if (!options.out.empty()) {
    kept.emplace(options.out);
  }
  Project* const project = kept ? kept->get() : nullptr;
  ProgressPrinter progress(invocation.global.quiet);
  const auto client = startEngine(invocation);
  const OpenedExperiment opened = openExperiment(
      *client, project, experiment, trustQuestion(invocation.global), progress, invocation.stop);
  const StoredSpectrum result =
      computeSpectrum(*client, project, opened, options.request, progress, invocation.stop);
  progress.finish();
  if (invocation.global.json) {
    nlohmann::json document = result.result;
    document["hessian_vector_products"] = document.at("products");
    document.erase("products");
    printJson(document);
  } else {
    printSpectrum(result.result);
    if (options.request.weights) {
      printWeights(result.result.at("weights"));
    }
  }
  return 0;
}

}  // namespace

void addSpectrum(CLI::App& program, Run& run) {
  auto options = std::make_shared<SpectrumOptions>();
  CLI::App* command = program.add_subcommand(
      "spectrum", "eigenvalues of the Hessian of the loss, or of the weights");
  addExperimentOptions(*command, options->experiment);
  command->add_option("--top", options->request.top, "how many of the largest")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command->add_option("--bottom", options->request.bottom, "how many of the smallest")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command
      ->add_option("--tolerance", options->request.tolerance,
                   "residual of a pair relative to its eigenvalue")
      ->check(CLI::Range(1e-12, 1.0))
      ->capture_default_str();
  command
      ->add_option("--max-products", options->request.maxProducts,
                   "Hessian-vector products at most (0: the engine's own bound)")
      ->check(CLI::Range(0, 1000000));
  command->add_flag("--weights", options->request.weights,
                    "spectra of the weight matrices: power-law exponents, stable rank, "
                    "Marchenko-Pastur edge; without --data these alone");
  command->add_option("--out", options->out, "project file to keep the pairs in");
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return spectrum(*options, i); }; });
}

}  // namespace tarn::app
