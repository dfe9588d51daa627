#include "engine/landscape/execution_plan.h"

#include "engine/model/optional_fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// A GPU is kept busy by one worker's batches.
int workersFor(const Experiment& experiment) {
  return experiment.model->device().is_cpu() ? experiment.threads : 1;
}

}  // namespace

nlohmann::json toJson(const ExecutionPlan& plan) {
  return {{"workers", plan.workers},
          {"micro_batch", plan.batches.microBatch},
          {"layout", plan.batches.channelsLast ? "channels-last" : "contiguous"},
          {"tile_points", plan.tilePoints},
          {"path", plan.graph ? "graph" : "model"},
          {"first_layers", plan.firstLayers ? "once" : "each-point"},
          {"points_per_call", plan.pointsPerCall},
          {"convolution", plan.winograd ? "winograd" : "direct"}};
}

ExecutionPlan planFromJson(const nlohmann::json& plan) {
  ExecutionPlan result;
  const auto layout = textField(plan, "layout");
  const auto microBatch = countField(plan, "micro_batch");
  const auto workers = countField(plan, "workers");
  const auto path = textOr(plan, "path", "model");
  const auto firstLayers = textOr(plan, "first_layers", "each-point");
  const auto convolution = textOr(plan, "convolution", "direct");
  const auto pointsPerCall = countOr(plan, "points_per_call", 1);
  result.tilePoints = countField(plan, "tile_points");
  const bool words = (layout == "contiguous" || layout == "channels-last") &&
                     (path == "model" || path == "graph") &&
                     (firstLayers == "once" || firstLayers == "each-point") &&
                     (convolution == "winograd" || convolution == "direct");
  const bool fits = path == "graph" ||
                    (firstLayers == "each-point" && pointsPerCall == 1 && convolution == "direct");
  if (!words || !fits || microBatch > (1U << 30U) || workers == 0 || workers > 1024 ||
      result.tilePoints == 0 || pointsPerCall == 0 || pointsPerCall > 1024) {
    throw Error(ErrorCode::usage, "The execution plan " + plan.dump() + " cannot be followed.",
                "Leave the plan out, and a new one is measured.");
  }
  result.workers = static_cast<int>(workers);
  result.batches = {static_cast<std::int64_t>(microBatch), layout == "channels-last"};
  result.graph = path == "graph";
  result.firstLayers = firstLayers == "once";
  result.pointsPerCall = static_cast<int>(pointsPerCall);
  result.winograd = convolution == "winograd";
  return result;
}

ExecutionPlan plainPlan(const Experiment& experiment, std::uint64_t tilePoints) {
  return {workersFor(experiment), referencePlan(), tilePoints};
}

}  // namespace tarn::engine
