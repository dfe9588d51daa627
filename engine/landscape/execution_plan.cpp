#include "engine/landscape/execution_plan.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include <torch/torch.h>

#include "engine/model/optional_fields.h"

namespace tarn::engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t probeSamples = 256;
constexpr auto probeTime = std::chrono::milliseconds(60);

std::vector<BatchPlan> candidates(const Dataset& data) {
  std::vector<BatchPlan> result;
  for (const std::int64_t size : {16, 32, 64, 128, 256, 1024, 4096}) {
    const bool first = result.empty();
    if (first || size <= data.samples()) {
      result.push_back({size, false});
    }
  }
  if (data.inputs[0].dim() == 4) {
    const auto count = result.size();
    for (std::size_t i = 0; i < count; ++i) {
      result.push_back({result[i].microBatch, true});
    }
  }
  return result;
}

/// Seconds per sample: the best of the passes that fit into the probe's time.
double secondsPerSample(Model& model, const Dataset& data, const Loss& loss,
                        const BatchPlan& plan) {
  const auto samples = std::min(data.samples(), std::max(probeSamples, plan.microBatch));
  const auto batches = makeBatches(data.first(samples), plan);
  evaluate(model, {batches.front()}, loss);
  double best = std::numeric_limits<double>::infinity();
  const auto begin = Clock::now();
  for (auto now = begin; now == begin || now - begin < probeTime;) {
    evaluate(model, batches, loss);
    const auto end = Clock::now();
    best = std::min(best, std::chrono::duration<double>(end - now).count());
    now = end;
  }
  return best / static_cast<double>(samples);
}

}  // namespace

nlohmann::json toJson(const ExecutionPlan& plan) {
  return {{"workers", plan.workers},
          {"micro_batch", plan.batches.microBatch},
          {"layout", plan.batches.channelsLast ? "channels-last" : "contiguous"},
          {"tile_points", plan.tilePoints}};
}

ExecutionPlan planFromJson(const nlohmann::json& plan) {
  ExecutionPlan result;
  const auto layout = textField(plan, "layout");
  const auto microBatch = countField(plan, "micro_batch");
  const auto workers = countField(plan, "workers");
  result.tilePoints = countField(plan, "tile_points");
  if ((layout != "contiguous" && layout != "channels-last") || microBatch > (1U << 30U) ||
      workers == 0 || workers > 1024 || result.tilePoints == 0) {
    throw Error(ErrorCode::usage, "The execution plan " + plan.dump() + " cannot be followed.",
                "Leave the plan out, and a new one is measured.");
  }
  result.workers = static_cast<int>(workers);
  result.batches = {static_cast<std::int64_t>(microBatch), layout == "channels-last"};
  return result;
}

ExecutionPlan measurePlan(const Experiment& experiment, std::uint64_t tilePoints,
                          const std::function<void()>& pause) {
  // A GPU is kept busy by one worker's batches.
  const int workers = experiment.model->device().is_cpu() ? experiment.threads : 1;
  if (cutMatters(experiment)) {
    return {workers, referencePlan(), tilePoints};
  }
  const auto model = experiment.model->clone();
  const auto threads = at::get_num_threads();
  at::set_num_threads(1);
  ExecutionPlan result{workers, {}, tilePoints};
  double best = std::numeric_limits<double>::infinity();
  for (const auto& candidate : candidates(experiment.data)) {
    if (pause) {
      pause();
    }
    const auto seconds = secondsPerSample(*model, experiment.data, experiment.loss, candidate);
    if (seconds < best) {
      best = seconds;
      result.batches = candidate;
    }
  }
  at::set_num_threads(threads);
  return result;
}

}  // namespace tarn::engine
