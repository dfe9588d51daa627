#pragma once

#include <cstddef>

#include "topology/grid/scalar_grid.h"

namespace tarn {

/// Whether every second line of a 2D grid is displaced by one step, as by samplers that walk the
/// grid like a snake.
struct SerpentineCheck {
  /// Roughness across the lines (mean |second difference|) with the odd lines moved back, divided
  /// by that of the grid as it is; the better of all lines and directions. Far below 1: displaced.
  double ratio = 1.0;
  std::size_t lineAxis = 0;  ///< the axis along which the lines are counted
  int shift = 0;             ///< odd lines read that many steps further on mend the grid: −1 or 1

  /// On public grids that are known to be displaced the ratio is at most 0.63, on sound ones at
  /// least 1.17 (tests/topology/conformance_test.cpp).
  bool isDisplaced() const { return ratio <= 0.7; }
};

/// {1, 0, 0} for grids that are flat, not 2D or smaller than 8 × 8.
SerpentineCheck serpentineCheck(const ScalarGrid& grid);

/// The grid with its odd lines moved back. One step at an end of the lines is left out, where the
/// moved lines have no value. Throws Error(badInput) when the check found no displacement.
ScalarGrid undoSerpentine(const ScalarGrid& grid, const SerpentineCheck& check);

}  // namespace tarn
