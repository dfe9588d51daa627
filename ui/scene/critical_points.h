#pragma once

#include <cstdint>
#include <vector>

#include "topology/merge_tree/merge_tree.h"

namespace tarn::ui {

struct CriticalPoint {
  std::int64_t vertex;
  bool minimum;  ///< else a merge saddle
};

/// Whether a tree is that of a grid whose values are all the same (a root is the highest vertex of
/// its component). False for the tree of no value.
bool isConstant(const MergeTree& tree);

/// The minima and merge saddles of a tree that lie on a grid of so many vertices; none without a
/// tree, or where all values are the same and each vertex is as low as the others. Roots are left
/// out: they say where a component ends, not where basins meet.
std::vector<CriticalPoint> criticalPoints(const MergeTree* tree, std::size_t vertices);

}  // namespace tarn::ui
