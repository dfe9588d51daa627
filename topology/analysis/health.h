#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// Something about a grid that its user should know before trusting numbers from it.
struct HealthFinding {
  std::string code;  ///< "masked", "constant", "boundary-minimum" or "serpentine"
  std::string message;
  bool repairable = false;
};

/// The findings on a grid and its join tree; empty for a sound grid.
std::vector<HealthFinding> checkHealth(const ScalarGrid& grid, const MergeTree& tree);

/// Whether every second line of a 2D grid is displaced by one step, as by samplers that walk the
/// grid like a snake.
struct SerpentineCheck {
  /// Roughness across the lines (mean |second difference|) with the odd lines moved back, divided
  /// by that of the grid as it is; the better of all lines and directions. Far below 1: displaced.
  double ratio = 1.0;
  std::size_t lineAxis = 0;  ///< the axis along which the lines are counted
  int shift = 0;             ///< odd lines read that many steps further on mend the grid: −1 or 1
};

/// {1, 0, 0} for grids that are flat, not 2D or smaller than 8 × 8.
SerpentineCheck serpentineCheck(const ScalarGrid& grid);

}  // namespace tarn
