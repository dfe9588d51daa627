#pragma once

#include <cstdint>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/basins.h"

namespace tarn {

/// What another quantity (accuracy, say) is like in one basin of a landscape.
struct BasinMetric {
  std::int64_t minimum = -1;  ///< the vertex of the basin's minimum
  double value = 0.0;         ///< the landscape's value there
  std::int64_t vertices = 0;  ///< in the basin
  std::int64_t measured = 0;  ///< of them, where the quantity is finite
  double atMinimum = 0.0;     ///< the quantity at the minimum; NaN where it is not finite
  double mean = 0.0;          ///< over the measured vertices; NaN without one, as the next two
  double lowest = 0.0;
  double highest = 0.0;
};

/// One a basin of the landscape, in their order: lowest minimum first. Throws Error(usage) when the
/// grids differ in shape.
std::vector<BasinMetric> basinMetrics(const ScalarGrid& landscape, const Basins& basins,
                                      const ScalarGrid& quantity);

}  // namespace tarn
