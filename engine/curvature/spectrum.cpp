#include "engine/curvature/spectrum.h"

#include <algorithm>

#include <unistd.h>

namespace tarn::engine {
namespace {

/// As many samples as hold about so many input numbers: 50 of CIFAR's images, whose activations
/// then stay in the cache, and a thousand small ones, so that the calls are not what takes the
/// time.
BatchPlan curvaturePlanOf(const Experiment& experiment) {
  constexpr std::int64_t kInputNumbers = std::int64_t{50} * 3 * 32 * 32;
  constexpr std::int64_t kFewest = 8;
  if (cutMatters(experiment)) {
    return referencePlan();
  }
  std::int64_t perSample = 0;
  for (const at::Tensor& input : experiment.data.inputs) {
    perSample += input.numel() / experiment.data.samples();
  }
  const std::int64_t most = referencePlan().microBatch;
  return {std::clamp(kInputNumbers / std::max<std::int64_t>(perSample, 1), kFewest, most), false};
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
  return makeHessian(experiment, experiment.data, pause, matrix);
}

Hessian makeHessian(Experiment& experiment, const Dataset& data, const std::function<void()>& pause,
                    CurvatureMatrix matrix) {
  HessianOptions options;
  options.matrix = matrix;
  options.keepBytes = curvatureMemory(experiment);
  options.smallerBatches = !cutMatters(experiment);
  options.pause = pause;
  return {*experiment.model, data, curvaturePlanOf(experiment), experiment.loss,
          std::move(options)};
}

nlohmann::json curvaturePlan(const Hessian& hessian) {
  return {{"micro_batch", hessian.batches().microBatch},
          {"layout", hessian.batches().channelsLast ? "channels-last" : "contiguous"},
          {"kept_graphs", hessian.kept()}};
}

Eigenpairs eigenpairs(Hessian& hessian, const Experiment& experiment, LanczosOptions options) {
  options.memoryBytes = options.memoryBytes > 0 ? options.memoryBytes : curvatureMemory(experiment);
  return lanczos(hessian.matrix(), options);
}

}  // namespace tarn::engine
