#include "engine/curvature/spectrum.h"

#include <algorithm>

#include <unistd.h>

namespace tarn::engine {
namespace {

BatchPlan curvaturePlanOf(const Experiment& experiment) {
  return cutMatters(experiment) ? referencePlan() : BatchPlan{50, false};
}

std::uint64_t freeBytes() {
  return static_cast<std::uint64_t>(sysconf(_SC_AVPHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t halfOfMemory(const Experiment& experiment) {
  return experiment.memoryBytes > 0 ? std::min(experiment.memoryBytes, freeBytes()) / 2
                                    : freeBytes() / 2;
}

}  // namespace

Hessian makeHessian(Experiment& experiment, const std::function<void()>& pause) {
  return {*experiment.model, makeBatches(experiment.data, curvaturePlanOf(experiment)),
          experiment.loss, halfOfMemory(experiment), pause};
}

nlohmann::json curvaturePlan(const Hessian& hessian, const Experiment& experiment) {
  return {{"micro_batch", curvaturePlanOf(experiment).microBatch},
          {"layout", "contiguous"},
          {"kept_graphs", hessian.kept()}};
}

Eigenpairs eigenpairs(Hessian& hessian, const Experiment& experiment, LanczosOptions options) {
  const SymmetricOperator matrix{hessian.size(),
                                 [&](const at::Tensor& v) { return hessian.product(v); },
                                 experiment.model->dtype() == at::kFloat ? 1e-7 : 1e-15};
  options.memoryBytes = options.memoryBytes > 0 ? options.memoryBytes : halfOfMemory(experiment);
  return lanczos(matrix, options);
}

}  // namespace tarn::engine
