#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/data/experiment.h"

namespace tarn::engine {

/// How a landscape is computed. The batches decide the last bits of every value; the number of
/// workers and the tiles do not.
struct ExecutionPlan {
  int workers = 1;
  BatchPlan batches;
  std::uint64_t tilePoints = 16;

  bool operator==(const ExecutionPlan&) const = default;
};

/// {workers, micro_batch, layout: contiguous or channels-last, tile_points}.
nlohmann::json toJson(const ExecutionPlan& plan);
/// Throws Error(usage) for a plan that is no such map.
ExecutionPlan planFromJson(const nlohmann::json& plan);

/// Times single-threaded forward passes with a few micro-batches and layouts, and takes the
/// fastest; one worker per thread of the experiment. Takes about a second. Where the loss depends
/// on how the data is cut, the cut is the reference's.
ExecutionPlan measurePlan(const Experiment& experiment, std::uint64_t tilePoints,
                          const std::function<void()>& pause = {});

}  // namespace tarn::engine
