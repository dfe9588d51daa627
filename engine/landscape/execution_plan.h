#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "engine/data/experiment.h"

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
  bool winograd = false;     ///< convolutions by Winograd's filtering where that fits

  bool operator==(const ExecutionPlan&) const = default;
};

/// {workers, micro_batch, layout: contiguous or channels-last, tile_points, path: graph or model,
/// first_layers: once or each-point, points_per_call, convolution: winograd or direct}.
nlohmann::json toJson(const ExecutionPlan& plan);
/// What is missing, as in plans of before there was a choice, is the plain way. Throws
/// Error(usage) for a plan that is no such map.
ExecutionPlan planFromJson(const nlohmann::json& plan);

/// The plain way: the model as it is in the reference's batches.
ExecutionPlan plainPlan(const Experiment& experiment, std::uint64_t tilePoints);

}  // namespace tarn::engine
