#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/landscape/point_evaluator.h"
#include "engine/protocol/tile_order.h"

namespace tarn::engine {

/// One tile's results, in the tile's order of points.
struct TileValues {
  std::uint64_t index = 0;
  std::vector<double> loss;
  std::vector<double> accuracy;                ///< empty when the loss has none
  std::vector<double> standardError;           ///< of the loss (Evaluation)
  std::vector<double> gradientNorm;            ///< empty unless wished for
  std::vector<std::vector<double>> classLoss;  ///< [class][point]; empty unless wished for
};

/// What the sampler tells, from its workers' threads. Any of them may throw to stop all workers.
struct SamplingObserver {
  std::function<void()> pause;                    ///< before every batch
  std::function<void(const TileValues&)> onTile;  ///< a finished tile
  std::function<void(std::uint64_t)> onPoint;     ///< points finished so far
};

/// Evaluates the chosen tiles of a grid over a slice with plan.workers threads, each with a replica
/// of the model and one thread inside kernels. A point is computed by one worker in one order, so
/// its value depends on the plan's ways and on nothing else: not on the number of workers, nor on
/// the tiles chosen or the points known. Values that are not finite are results.
///
/// coordinates: one list per axis of the slice. known: one flag a vertex, or none; points that are
/// known are left out of their tiles. Rethrows the first error of a worker after all have stopped.
void sampleTiles(const SamplingWork& work, const std::vector<std::vector<double>>& coordinates,
                 const TileOrder& order, std::span<const std::uint64_t> tiles,
                 const SamplingObserver& observer, std::span<const std::uint8_t> known = {});

}  // namespace tarn::engine
