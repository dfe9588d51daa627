#include <algorithm>
#include <chrono>
#include <string>

#include <torch/torch.h>

#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/handlers/spectrum_request.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"

namespace tarn::engine {
namespace {

constexpr std::uint64_t mostPairs = 10'000;

LanczosOptions optionsOf(const nlohmann::json& request) {
  LanczosOptions options;
  options.tolerance = numberOr(request, "tolerance", options.tolerance);
  options.maxProducts = static_cast<std::int64_t>(
      std::min<std::uint64_t>(countOr(request, "max_products", 0), 1'000'000));
  if (options.maxProducts == 0) {
    options.maxProducts = LanczosOptions{}.maxProducts;
  }
  if (!(options.tolerance > 0)) {
    throw Error(ErrorCode::usage, "The tolerance must be a positive number.");
  }
  return options;
}

}  // namespace

Eigenpairs sendSpectrum(JobContext& job, const Experiment& experiment, const Evaluation& reference,
                        Hessian& hessian, std::int64_t top, std::int64_t bottom) {
  auto options = optionsOf(job.request());
  options.top = top;
  options.bottom = bottom;
  options.seed = experiment.seed;
  options.onProduct = [&](std::int64_t products, std::int64_t converged) {
    job.checkpoint();
    // How many products it will take is not known: no total, so that no end is promised.
    job.progress(static_cast<std::uint64_t>(products), 0, "Hessian-vector products",
                 std::to_string(converged) + " of " + std::to_string(top + bottom) +
                     " eigenpairs converged");
  };
  const auto begin = std::chrono::steady_clock::now();
  auto pairs = eigenpairs(hessian, experiment, options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  job.send({{"type", "spectrum"},
            {"eigenvalues", pairs.values},
            {"residuals", pairs.residuals},
            {"converged", pairs.converged},
            {"products", pairs.products},
            {"seconds", seconds.count()},
            {"loss", reference.loss},
            {"accuracy", numberOrNull(reference.accuracy)},
            {"parameters", hessian.size()},
            {"samples", experiment.data.samples()},
            {"plan", curvaturePlan(hessian, experiment)}});
  return pairs;
}

nlohmann::json handleSpectrum(JobContext& job) {
  const auto& request = job.request();
  const auto top = countOr(request, "top", 0);
  const auto bottom = countOr(request, "bottom", 0);
  if (top > mostPairs || bottom > mostPairs) {
    throw Error(ErrorCode::usage, std::to_string(std::max(top, bottom)) +
                                      " eigenvalues are too many; the most is " +
                                      std::to_string(mostPairs) + ".");
  }
  auto experiment = openExperiment(field(request, "experiment"), arraysOf(job));
  const auto pause = [&job] { job.checkpoint(); };
  const auto reference = referenceEvaluation(experiment, pause);
  auto hessian = makeHessian(experiment, pause);
  const auto pairs =
      sendSpectrum(job, experiment, reference, hessian, static_cast<std::int64_t>(top),
                   static_cast<std::int64_t>(bottom));
  for (std::size_t i = 0; i < pairs.vectors.size(); ++i) {
    sendTensor(job, "eigenvector/" + std::to_string(i),
               pairs.vectors[i].to(experiment.model->dtype()));
  }
  return nlohmann::json::object();
}

}  // namespace tarn::engine
