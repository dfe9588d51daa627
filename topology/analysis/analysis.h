#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <vector>

#include "topology/analysis/health.h"
#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/persistence.h"
#include "topology/smad/smad.h"

namespace tarn {

/// What `tarn analyze` and the inspector say about one grid.
struct Analysis {
  std::vector<std::size_t> shape;
  Connectivity connectivity = Connectivity::axes2n;
  std::size_t masked = 0;
  std::size_t minima = 0;
  std::size_t saddles = 0;  ///< nodes of the tree where components meet
  std::size_t maxima = 0;   ///< vertices above all their neighbours in the same connectivity
  Smad smad;
  std::optional<double> meanPersistence;  ///< none without a finite pair
  ZerothPersistence persistence;
  MergeTree tree;
  std::vector<HealthFinding> health;
};

/// Throws Error(cancelled) and what joinTree throws.
Analysis analyze(const ScalarGrid& grid, Connectivity connectivity,
                 const std::stop_token& stop = {});

/// The document of `tarn analyze --json` for one grid; numbers that are undefined, or not computed
/// by this version, are null.
nlohmann::json toJson(const Analysis& analysis);

}  // namespace tarn
