#include "ui/window/topology_level.h"

#include <algorithm>
#include <utility>

#include "topology/merge_tree/simplify.h"
#include "topology/persistence/persistence.h"

namespace tarn::ui {
namespace {

std::optional<double> meanPersistence(const std::vector<PersistencePair>& pairs) {
  if (pairs.empty()) {
    return std::nullopt;
  }
  double sum = 0.0;
  for (const PersistencePair& pair : pairs) {
    sum += pair.persistence();
  }
  return sum / static_cast<double>(pairs.size());
}

}  // namespace

WholeTopology wholeTopology(const ScalarGrid& grid, Connectivity connectivity,
                            const std::stop_token& stop) {
  WholeTopology whole;
  whole.analysis = analyze(grid, connectivity, stop);
  whole.branches = branchDecomposition(whole.analysis.tree);
  whole.basins = basins(grid, connectivity, stop);
  for (const PersistencePair& pair : whole.analysis.persistence.pairs) {
    whole.deepest = std::max(whole.deepest, pair.persistence());
  }
  return whole;
}

TopologyLevel topologyLevel(std::shared_ptr<const WholeTopology> whole, double threshold) {
  TopologyLevel level;
  level.threshold = threshold;
  if (threshold <= 0.0) {
    // The whole's own: no copy.
    level.tree = std::shared_ptr<const MergeTree>(whole, &whole->analysis.tree);
    level.basins =
        std::shared_ptr<const std::vector<std::int32_t>>(whole, &whole->basins.basinOfVertex);
    level.smad = whole->analysis.smad;
    level.meanPersistence = whole->analysis.meanPersistence;
    return level;
  }
  SimplifiedTree simplified = simplify(whole->analysis.tree, whole->branches, threshold);
  level.basins = std::make_shared<const std::vector<std::int32_t>>(
      simplifiedBasins(whole->basins, simplified));
  level.tree = std::make_shared<const MergeTree>(std::move(simplified.tree));
  level.smad = smad(*level.tree);
  level.meanPersistence = meanPersistence(zerothPersistence(*level.tree).pairs);
  return level;
}

}  // namespace tarn::ui
