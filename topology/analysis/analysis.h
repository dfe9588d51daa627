#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <vector>

#include "topology/analysis/health.h"
#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/persistence.h"
#include "topology/smad/smad.h"

namespace tarn {

/// What is asked of a grid.
struct AnalysisOptions {
  Connectivity connectivity = Connectivity::axes2n;
  Levels levels = Levels::sublevel;
  /// Branches of at most this persistence are taken off the tree before anything is counted.
  std::optional<double> threshold = std::nullopt;
  std::optional<double> modelLoss = std::nullopt;  ///< the loss at the model, for the health check
};

/// Twice the rounding floor: persistence up to there is no feature.
double automaticThreshold(const ScalarGrid& grid);

/// The tree that is asked for: join or split tree, simplified when there is a threshold. Throws
/// what joinTree throws.
MergeTree treeOf(const ScalarGrid& grid, const AnalysisOptions& options,
                 const std::stop_token& stop = {});

/// The basins of the minima of that tree: the landscape's own, or those that a threshold leaves.
/// Only of sublevel sets. Throws what joinTree throws.
Basins basinsOf(const ScalarGrid& grid, const AnalysisOptions& options,
                const std::stop_token& stop = {});

/// What `tarn analyze` and the inspector say about one grid. Of superlevel sets: tree, persistence
/// and SMAD are those of the split tree.
struct Analysis {
  std::vector<std::size_t> shape;
  Connectivity connectivity = Connectivity::axes2n;
  std::optional<double> threshold;  ///< that the tree was simplified at
  std::size_t masked = 0;
  std::size_t minima = 0;   ///< vertices below all their neighbours, or leaves of the join tree
  std::size_t saddles = 0;  ///< nodes of the tree where components meet
  std::size_t maxima = 0;   ///< vertices above all their neighbours, or leaves of the split tree
  Smad smad;
  /// None for superlevel sets, a simplified tree, or a grid with masked vertices.
  std::optional<double> contourTreeSmad;
  std::optional<double> meanPersistence;  ///< none without a finite pair
  ZerothPersistence persistence;
  MergeTree tree;
  std::vector<HealthFinding> health;
};

/// Throws Error(cancelled) and what joinTree throws.
Analysis analyze(const ScalarGrid& grid, const AnalysisOptions& options,
                 const std::stop_token& stop = {});
inline Analysis analyze(const ScalarGrid& grid, Connectivity connectivity,
                        const std::stop_token& stop = {}) {
  return analyze(grid, AnalysisOptions{.connectivity = connectivity}, stop);
}

/// The document of `tarn analyze --json` for the grid that was analysed; numbers that are undefined
/// are null.
nlohmann::json toJson(const Analysis& analysis, const ScalarGrid& grid);
/// What `--check` prints: shape, masked and health.
nlohmann::json healthJson(const Analysis& analysis);

}  // namespace tarn
