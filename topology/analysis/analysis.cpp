#include "topology/analysis/analysis.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "topology/contour_tree/contour_tree.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/neighbourhood.h"
#include "topology/merge_tree/simplify.h"

namespace tarn {
namespace {

/// Vertices that stand above (for sublevel sets: below) all their neighbours, in the order (value,
/// id).
std::size_t countExtrema(const ScalarGrid& grid, Connectivity connectivity, Levels levels,
                         const std::stop_token& stop) {
  const MaskedValues values(grid);
  const bool high = levels == Levels::superlevel;
  const double sign = high ? 1.0 : -1.0;
  std::size_t count = 0;
  const Neighbourhood neighbourhood(grid.shape(), connectivity);
  neighbourhood.forEachVertex(stop, [&](std::int64_t vertex, const NeighbourOffsets& offsets) {
    const double value = sign * values[vertex];
    bool extreme = !std::isnan(value);
    // Among equals the larger id is the higher.
    for (const std::int64_t offset : high ? offsets.below : offsets.above) {
      extreme = extreme && !(sign * values[vertex + offset] > value);
    }
    for (const std::int64_t offset : high ? offsets.above : offsets.below) {
      extreme = extreme && !(sign * values[vertex + offset] >= value);
    }
    count += extreme ? 1 : 0;
  });
  return count;
}

MergeTree wholeTree(const ScalarGrid& grid, const AnalysisOptions& options,
                    const std::stop_token& stop) {
  return options.levels == Levels::sublevel ? joinTree(grid, options.connectivity, stop)
                                            : splitTree(grid, options.connectivity, stop);
}

MergeTree simplified(MergeTree tree, std::optional<double> threshold) {
  return threshold ? Simplification(tree, branchDecomposition(tree)).above(*threshold).tree : tree;
}

nlohmann::json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

std::vector<double> positionOf(const ScalarGrid& grid, std::int64_t vertex) {
  std::vector<double> position;
  const auto indices = grid.indices(vertex);
  for (std::size_t axis = 0; axis < indices.size(); ++axis) {
    position.push_back(grid.axes()[axis].coordinates[indices[axis]]);
  }
  return position;
}

nlohmann::json treeJson(const MergeTree& tree, const ScalarGrid& grid) {
  auto nodes = nlohmann::json::array();
  for (const TreeNode& node : tree.nodes) {
    nodes.push_back({{"id", node.vertex},
                     {"value", node.value},
                     {"kind", toString(node.kind)},
                     {"position", positionOf(grid, node.vertex)}});
  }
  return {{"nodes", std::move(nodes)}, {"arcs", tree.arcs()}, {"roots", tree.roots()}};
}

}  // namespace

double automaticThreshold(const ScalarGrid& grid) {
  return 2.0 * roundingFloor(grid);
}

MergeTree treeOf(const ScalarGrid& grid, const AnalysisOptions& options,
                 const std::stop_token& stop) {
  return simplified(wholeTree(grid, options, stop), options.threshold);
}

Basins basinsOf(const ScalarGrid& grid, const AnalysisOptions& options,
                const std::stop_token& stop) {
  Basins whole = basins(grid, options.connectivity, stop);
  if (!options.threshold) {
    return whole;
  }
  const MergeTree tree = joinTree(grid, options.connectivity, stop);
  SimplifiedTree left =
      Simplification(tree, branchDecomposition(tree), whole).above(*options.threshold);
  whole.minima.clear();
  for (std::size_t i = 0; i < left.tree.minimaCount; ++i) {
    whole.minima.push_back(left.tree.nodes[i].vertex);
  }
  whole.basinOfVertex = std::move(left.basinOfVertex);
  return whole;
}

Analysis analyze(const ScalarGrid& grid, const AnalysisOptions& options,
                 const std::stop_token& stop) {
  Analysis result;
  const bool sublevel = options.levels == Levels::sublevel;
  result.shape = grid.shape();
  result.connectivity = options.connectivity;
  result.threshold = options.threshold;
  result.masked = grid.maskedCount();
  MergeTree whole = wholeTree(grid, options, stop);
  result.health = checkHealth(grid, sublevel ? whole : joinTree(grid, options.connectivity, stop),
                              options.modelLoss);
  if (sublevel && !options.threshold && result.masked == 0) {
    result.contourTreeSmad = contourTreeSmad(
        contourTree(grid, whole, splitTree(grid, dual(options.connectivity), stop), stop));
  }
  result.tree = simplified(std::move(whole), options.threshold);
  const Levels others = sublevel ? Levels::superlevel : Levels::sublevel;
  const std::size_t otherExtrema = countExtrema(grid, options.connectivity, others, stop);
  result.minima = sublevel ? result.tree.minimaCount : otherExtrema;
  result.maxima = sublevel ? otherExtrema : result.tree.minimaCount;
  result.saddles = result.tree.saddleCount();
  result.smad = smad(result.tree);
  result.persistence = zerothPersistence(result.tree);
  result.meanPersistence = meanPersistence(result.persistence);
  return result;
}

nlohmann::json healthJson(const Analysis& analysis) {
  auto health = nlohmann::json::array();
  for (const HealthFinding& finding : analysis.health) {
    health.push_back(
        {{"code", finding.code}, {"message", finding.message}, {"repairable", finding.repairable}});
  }
  return {{"shape", analysis.shape}, {"masked", analysis.masked}, {"health", std::move(health)}};
}

nlohmann::json toJson(const Analysis& analysis, const ScalarGrid& grid) {
  auto pairs = nlohmann::json::array();
  auto pairValues = nlohmann::json::array();
  for (const PersistencePair& pair : analysis.persistence.pairs) {
    pairs.push_back({pair.birthVertex, pair.deathVertex});
    pairValues.push_back({pair.birth, pair.death});
  }
  nlohmann::json document{
      {"connectivity", toString(analysis.connectivity)},
      {"levels", analysis.tree.levels == Levels::sublevel ? "sublevel" : "superlevel"},
      {"persistence_threshold", number(analysis.threshold)},
      {"minima", analysis.minima},
      {"saddles", analysis.saddles},
      {"maxima", analysis.maxima},
      {"smad", number(analysis.smad.plain)},
      {"smad_normalized", number(analysis.smad.normalized)},
      {"smad_weighted", number(analysis.smad.weighted)},
      {"smad_normalized_weighted", number(analysis.smad.normalizedWeighted)},
      {"smad_contour_tree", number(analysis.contourTreeSmad)},
      {"mean_persistence", number(analysis.meanPersistence)},
      {"pairs", std::move(pairs)},
      {"pair_values", std::move(pairValues)},
      {"tree", treeJson(analysis.tree, grid)},
  };
  document.update(healthJson(analysis));
  return document;
}

}  // namespace tarn
