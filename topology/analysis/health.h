#pragma once

#include <optional>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// Something about a grid that its user should know before trusting numbers from it.
struct HealthFinding {
  /// "masked", "constant", "plateau", "saturated", "boundary-minimum", "noise", "coarse",
  /// "off-centre" or "serpentine".
  std::string code;
  std::string message;
  bool repairable = false;
};

/// How far rounding alone may move a value: one unit in the last place of the largest |value|, in
/// single precision when all values are single precision numbers, else in double.
double roundingFloor(const ScalarGrid& grid);

/// The findings on a grid and its join tree; empty for a sound grid. `modelLoss` is the loss at the
/// model itself, where it is known: the origin of the axes has to show it.
std::vector<HealthFinding> checkHealth(const ScalarGrid& grid, const MergeTree& tree,
                                       std::optional<double> modelLoss = std::nullopt);

}  // namespace tarn
