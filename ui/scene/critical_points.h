#pragma once

#include <cstdint>
#include <vector>

#include "topology/merge_tree/merge_tree.h"

namespace tarn::ui {

struct CriticalPoint {
  std::int64_t vertex;
  bool minimum;  ///< else a merge saddle
};

/// The minima and merge saddles of a tree that lie on a grid of so many vertices; none without a
/// tree. Roots are left out: they say where a component ends, not where basins meet.
std::vector<CriticalPoint> criticalPoints(const MergeTree* tree, std::size_t vertices);

}  // namespace tarn::ui
