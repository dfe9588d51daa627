#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "topology/analysis/analysis.h"
#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/simplify.h"

namespace tarn::ui {

/// The topology of a landscape with all its branches: what a threshold of persistence is applied
/// to.
struct WholeTopology {
  Analysis analysis;
  Basins basins;
  Simplification simplification;
  double deepest = 0.0;  ///< the largest finite persistence; 0 without one
};

/// Of sublevel sets, without a threshold. Throws what analyze and basins throw.
WholeTopology wholeTopology(const ScalarGrid& grid, const AnalysisOptions& options,
                            const std::stop_token& stop);

/// What is left of it above a threshold.
struct TopologyLevel {
  double threshold = 0.0;
  std::shared_ptr<const MergeTree> tree;
  /// Per vertex: an index into the tree's minima, −1 for a masked one.
  std::shared_ptr<const std::vector<std::int32_t>> basins;
  Smad smad;
  std::optional<double> meanPersistence;  ///< none without a finite pair
};

/// Leaves out the branches of at most that persistence; at 0 none, and nothing is copied. Linear in
/// nodes and vertices.
TopologyLevel topologyLevel(std::shared_ptr<const WholeTopology> whole, double threshold);

}  // namespace tarn::ui
