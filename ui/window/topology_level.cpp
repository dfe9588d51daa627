#include "ui/window/topology_level.h"

#include <algorithm>
#include <utility>

#include "topology/merge_tree/branches.h"
#include "topology/persistence/persistence.h"

namespace tarn::ui {
WholeTopology wholeTopology(const ScalarGrid& grid, const AnalysisOptions& options,
                            const std::stop_token& stop) {
  Analysis analysis = analyze(grid, options, stop);
  Basins flow = basins(grid, options.connectivity, stop);
  Simplification simplification(analysis.tree, branchDecomposition(analysis.tree), flow);
  double deepest = 0.0;
  for (const PersistencePair& pair : analysis.persistence.pairs) {
    deepest = std::max(deepest, pair.persistence());
  }
  return {std::move(analysis), std::move(flow), std::move(simplification), deepest};
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
  SimplifiedTree simplified = whole->simplification.above(threshold);
  level.basins =
      std::make_shared<const std::vector<std::int32_t>>(std::move(simplified.basinOfVertex));
  level.tree = std::make_shared<const MergeTree>(std::move(simplified.tree));
  level.smad = smad(*level.tree);
  level.meanPersistence = meanPersistence(zerothPersistence(*level.tree));
  return level;
}

}  // namespace tarn::ui
