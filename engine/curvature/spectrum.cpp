#include "engine/curvature/spectrum.h"

#include <algorithm>

#include <unistd.h>

#include "engine/curvature/chebyshev.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t kFewestSamples = 8;

/// As many samples as hold about so many input numbers: 50 of CIFAR's images, whose activations
/// then stay in the cache, and a thousand small ones, so that the calls are not what takes the
/// time. A GPU takes a thousand of any size.
std::int64_t mostSamplesOf(const Experiment& experiment) {
  constexpr std::int64_t kInputNumbers = std::int64_t{50} * 3 * 32 * 32;
  const std::int64_t reference = referencePlan().microBatch;
  if (!experiment.model->device().is_cpu()) {
    return reference;
  }
  std::int64_t perSample = 0;
  for (const at::Tensor& input : experiment.data.inputs) {
    perSample += input.numel() / experiment.data.samples();
  }
  return std::clamp(kInputNumbers / std::max<std::int64_t>(perSample, 1), kFewestSamples,
                    reference);
}

/// Whether a batch is too little work for several threads: a product of some milliseconds. Every
/// parameter is multiplied at least once a sample. (Not measured: the same request is to give the
/// same bits.)
bool isSmall(const Experiment& experiment, std::int64_t samples) {
  constexpr std::int64_t kFewestProducts = 10'000'000;
  return experiment.model->parameters().size() <
         kFewestProducts / std::max<std::int64_t>(samples, 1);
}

/// Batches of one size, but for rounding, and where they are large one for each thread at least.
BatchPlan curvaturePlanOf(const Experiment& experiment, std::int64_t samples, bool small) {
  if (cutMatters(experiment)) {
    return referencePlan();
  }
  const std::int64_t most = mostSamplesOf(experiment);
  const bool shared = !small && experiment.model->device().is_cpu();
  const std::int64_t workers = shared ? experiment.threads : 1;
  const std::int64_t batches =
      std::max((samples + most - 1) / most, std::min(workers, samples / kFewestSamples));
  return {(samples + batches - 1) / std::max<std::int64_t>(batches, 1), false};
}

std::uint64_t freeBytes() {
  return static_cast<std::uint64_t>(sysconf(_SC_AVPHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::uint64_t curvatureMemory(const Experiment& experiment) {
  return experiment.memoryBytes > 0 ? std::min(experiment.memoryBytes, freeBytes()) / 2
                                    : freeBytes() / 2;
}

Hessian makeHessian(Experiment& experiment, const std::function<void()>& pause,
                    CurvatureMatrix matrix) {
  return makeHessian(experiment, experiment.data, pause, matrix, curvatureMemory(experiment));
}

Hessian makeHessian(Experiment& experiment, const Dataset& data, const std::function<void()>& pause,
                    CurvatureMatrix matrix, std::uint64_t keepBytes) {
  const auto samples = data.samples();
  const bool small = isSmall(experiment, std::min(samples, mostSamplesOf(experiment)));
  HessianOptions options;
  options.matrix = matrix;
  options.keepBytes = keepBytes;
  options.smallerBatches = !cutMatters(experiment);
  options.workers = small ? 1 : experiment.threads;
  options.singleKernelThread = small;
  options.pause = pause;
  return {*experiment.model, data, curvaturePlanOf(experiment, samples, small), experiment.loss,
          std::move(options)};
}

nlohmann::json curvaturePlan(const Hessian& hessian) {
  return {{"micro_batch", hessian.batches().microBatch},
          {"layout", hessian.batches().channelsLast ? "channels-last" : "contiguous"},
          {"workers", hessian.workers()},
          {"kept_graphs", hessian.kept()}};
}

Eigenpairs eigenpairs(Hessian& hessian, const Experiment& experiment, LanczosOptions options) {
  options.memoryBytes = options.memoryBytes > 0 ? options.memoryBytes : curvatureMemory(experiment);
  return options.method == EigenMethod::chebyshev ? chebyshev(hessian.matrix(), options)
                                                  : lanczos(hessian.matrix(), options);
}

}  // namespace tarn::engine
