#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/data/experiment.h"
#include "engine/landscape/slice.h"

namespace tarn::engine {

/// How a landscape is computed. All but the number of workers and the tiles decides the last bits
/// of the values.
struct ExecutionPlan {
  int workers = 1;  ///< each with a model of its own and one thread inside kernels
  BatchPlan batches;
  std::uint64_t tilePoints = 16;
  /// The model's graph runs, BatchNorm folded into convolutions; otherwise the model as it is.
  bool graph = false;
  bool firstLayers = false;  ///< products of linear layers with the data are made once
  int pointsPerCall = 1;     ///< evaluated together (vmap)

  bool operator==(const ExecutionPlan&) const = default;
};

/// {workers, micro_batch, layout: contiguous or channels-last, tile_points, path: graph or model,
/// first_layers: once or each-point, points_per_call}.
nlohmann::json toJson(const ExecutionPlan& plan);
/// What is missing, as in plans of before there was a choice, is the plain way. Throws
/// Error(usage) for a plan that is no such map.
ExecutionPlan planFromJson(const nlohmann::json& plan);

/// A plan and what it costs.
struct MeasuredPlan {
  ExecutionPlan plan;
  double secondsPerPoint = 0;  ///< of one worker
};

/// Times single-threaded passes by a few plans, and takes the fastest; one worker per thread of the
/// experiment. Takes about two seconds, and at least some passes over a part of the data: of a slow
/// model only plans that lead downhill are tried, on fewer samples. Where the loss depends on how
/// the data is cut, the cut is the reference's and the model runs as it is.
MeasuredPlan measurePlan(const Experiment& experiment, const Slice& slice, std::uint64_t tilePoints,
                         const std::function<void()>& pause = {});

/// The plain way: the model as it is in the reference's batches.
ExecutionPlan plainPlan(const Experiment& experiment, std::uint64_t tilePoints);

/// What a point costs one worker by a plan, in seconds.
double measuredSeconds(const Experiment& experiment, const Slice& slice, const ExecutionPlan& plan,
                       const std::function<void()>& pause = {});

}  // namespace tarn::engine
