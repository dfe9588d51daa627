#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/data/experiment.h"
#include "engine/landscape/execution_plan.h"
#include "engine/landscape/slice.h"
#include "engine/protocol/tile_order.h"

namespace tarn::engine {

/// One tile's results, in the tile's order of points.
struct TileValues {
  std::uint64_t index = 0;
  std::vector<double> loss;
  std::vector<double> accuracy;  ///< empty when the loss has none
};

/// What the sampler tells, from its workers' threads. Any of them may throw to stop all workers.
struct SamplingObserver {
  std::function<void()> pause;                    ///< before every batch
  std::function<void(const TileValues&)> onTile;  ///< a finished tile
  std::function<void(std::uint64_t)> onPoint;     ///< points finished so far
};

/// Evaluates the chosen tiles of a grid over a slice with plan.workers threads, each with a replica
/// of the model and one thread inside kernels. A point is computed by one worker in one order, so
/// its value depends on the plan's batches and on nothing else: not on the number of workers, nor
/// on the tiles chosen. Values that are not finite are results.
///
/// coordinates: one list per axis of the slice. Rethrows the first error of a worker after all
/// have stopped.
void sampleTiles(const Experiment& experiment, const Slice& slice,
                 const std::vector<std::vector<double>>& coordinates, const TileOrder& order,
                 const ExecutionPlan& plan, std::span<const std::uint64_t> tiles,
                 const SamplingObserver& observer);

}  // namespace tarn::engine
