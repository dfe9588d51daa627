#include <algorithm>
#include <chrono>
#include <string>

#include <torch/torch.h>

#include "engine/handlers/curvature_report.h"
#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/handlers/spectrum_request.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"

namespace tarn::engine {
namespace {

constexpr std::uint64_t mostPairs = 10'000;
constexpr std::chrono::seconds graceForPairs{3};

using Clock = std::chrono::steady_clock;

std::int64_t pairCount(const nlohmann::json& request, const std::string& key) {
  const auto count = countOr(request, key, 0);
  if (count > mostPairs) {
    throw Error(ErrorCode::usage, std::to_string(count) +
                                      " eigenvalues are too many; the most is " +
                                      std::to_string(mostPairs) + ".");
  }
  return static_cast<std::int64_t>(count);
}

/// `start`: pairs of an earlier request to go on from.
Eigenpairs startOf(JobContext& job) {
  Eigenpairs result;
  if (!has(job.request(), "start")) {
    return result;
  }
  const auto& start = job.request()["start"];
  const auto values = field(start, "values");
  const auto residuals = field(start, "residuals");
  const auto vectors = field(start, "vectors");
  if (!values.is_array() || !residuals.is_array() || !vectors.is_array() ||
      values.size() != vectors.size() || residuals.size() != vectors.size() ||
      vectors.size() > 2 * mostPairs) {
    throw Error(ErrorCode::usage,
                "'start' must hold lists values, residuals and vectors of one length.");
  }
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (!values[i].is_number() || !residuals[i].is_number() || !vectors[i].is_string()) {
      throw Error(ErrorCode::usage, "'start' must hold numbers, numbers and hashes.");
    }
    result.values.push_back(values[i].get<double>());
    result.residuals.push_back(residuals[i].get<double>());
    result.vectors.push_back(
        tensorFromBytes(*job.storedArray(vectors[i].get<std::string>())).reshape({-1}));
  }
  return result;
}

void requireLength(const Eigenpairs& pairs, std::int64_t size) {
  for (const auto& vector : pairs.vectors) {
    if (vector.numel() != size || !vector.is_floating_point()) {
      throw Error(ErrorCode::badInput,
                  "A vector to go on from has " + std::to_string(vector.numel()) +
                      " numbers, but the model has " + std::to_string(size) + " parameters.",
                  "Go on with the model that the vectors belong to, or start anew.");
    }
  }
}

Eigenpairs pairsWithProgress(JobContext& job, const Experiment& experiment, Hessian& hessian,
                             LanczosOptions options) {
  options.seed = experiment.seed;
  options.onProduct = [&](std::int64_t products, std::int64_t converged) {
    job.checkpoint();
    // How many products it will take is not known: no total, so that no end is promised.
    job.progress(static_cast<std::uint64_t>(products), 0, "Hessian-vector products",
                 std::to_string(converged) + " of " + std::to_string(options.top + options.bottom) +
                     " eigenpairs converged");
  };
  return eigenpairs(hessian, experiment, options);
}

double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

nlohmann::json spectrumEvent(const Experiment& experiment, const Evaluation& reference,
                             const Hessian& hessian, const LanczosOptions& options,
                             const Eigenpairs& pairs) {
  return {{"type", "spectrum"},
          {"eigenvalues", pairs.values},
          {"residuals", pairs.residuals},
          {"converged", pairs.converged},
          {"products", pairs.products},
          {"method", toString(options.method)},
          {"loss", reference.loss},
          {"accuracy", numberOrNull(reference.accuracy)},
          {"parameters", hessian.size()},
          {"samples", experiment.data.samples()},
          {"operator", toString(hessian.kind())},
          {"product_method", toString(hessian.method())},
          {"plan", curvaturePlan(hessian)}};
}

void sendVectors(JobContext& job, const Eigenpairs& pairs, at::ScalarType dtype) {
  for (std::size_t i = 0; i < pairs.vectors.size(); ++i) {
    sendTensor(job, "eigenvector/" + std::to_string(i), pairs.vectors[i].to(dtype));
  }
}

}  // namespace

LanczosOptions lanczosOptionsOf(const nlohmann::json& request, std::int64_t top,
                                std::int64_t bottom) {
  LanczosOptions options;
  options.top = top;
  options.bottom = bottom;
  options.tolerance = numberOr(request, "tolerance", options.tolerance);
  options.method = eigenMethodFromWord(textOr(request, "method", "lanczos"));
  options.maxProducts = static_cast<std::int64_t>(
      std::min<std::uint64_t>(countOr(request, "max_products", 0), 1'000'000));
  if (options.maxProducts == 0) {
    // Far more than it takes: what has not converged by then hardly will.
    const std::int64_t each = options.method == EigenMethod::lanczos ? 10 : 100;
    options.maxProducts = std::max(LanczosOptions{}.maxProducts, each * (top + bottom));
  }
  if (!(options.tolerance > 0)) {
    throw Error(ErrorCode::usage, "The tolerance must be a positive number.");
  }
  return options;
}

Eigenpairs sendSpectrum(JobContext& job, const Experiment& experiment, const Evaluation& reference,
                        Hessian& hessian, std::int64_t top, std::int64_t bottom) {
  const auto options = lanczosOptionsOf(job.request(), top, bottom);
  const auto begin = Clock::now();
  hessian.matrix();  // settles how products are made
  if (!hessian.remark().empty()) {
    job.send({{"type", "log"}, {"level", "info"}, {"text", hessian.remark()}});
  }
  auto pairs = pairsWithProgress(job, experiment, hessian, options);
  auto event = spectrumEvent(experiment, reference, hessian, options, pairs);
  event["seconds"] = secondsSince(begin);
  job.send(event);
  return pairs;
}

nlohmann::json handleSpectrum(JobContext& job, OpenedExperiments& experiments) {
  const auto& request = job.request();
  auto options = lanczosOptionsOf(request, pairCount(request, "top"), pairCount(request, "bottom"));
  options.keepInterrupted = true;
  const auto wishes = curvatureWishes(request);
  const auto start = startOf(job);
  options.start = &start;
  auto experiment = experiments.of(job);
  requireLength(start, experiment.model->parameters().size());
  const auto pause = [&job] { job.checkpoint(); };
  const auto reference = referenceEvaluation(experiment, pause);

  const auto begin = Clock::now();
  auto hessian = makeHessian(experiment, pause, wishes.matrix);
  CurvatureReport report(job, experiment, hessian, wishes);
  report.announce(options);
  Eigenpairs pairs;
  if (options.top + options.bottom > 0 || wishes.none()) {
    pairs = pairsWithProgress(job, experiment, hessian, options);
  }
  const auto finish = [&] {
    auto event = spectrumEvent(experiment, reference, hessian, options, pairs);
    event.update(report.results());
    event["seconds"] = secondsSince(begin);
    job.send(event);
    sendVectors(job, pairs, experiment.model->dtype());
  };
  try {
    job.checkpoint();
    report.compute(pairs, options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled && !pairs.vectors.empty()) {
      job.finishSending(graceForPairs);
      finish();
    }
    throw;
  }
  finish();
  return nlohmann::json::object();
}

}  // namespace tarn::engine
