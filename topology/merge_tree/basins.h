#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"

namespace tarn {

/// The ascending manifolds of the minima: every vertex flows to the neighbour that is lowest in
/// (value, id), not to the one of steepest slope, until it reaches a minimum.
struct Basins {
  std::vector<std::int64_t> minima;         ///< their vertices, lowest first (as in MergeTree)
  std::vector<std::int32_t> basinOfVertex;  ///< index into minima; −1 for a masked vertex
};

/// Throws Error(cancelled), and Error(unsupported) for more than 2³¹−2 vertices.
Basins basins(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop = {});

}  // namespace tarn
