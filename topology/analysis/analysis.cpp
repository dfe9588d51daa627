#include "topology/analysis/analysis.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/neighbourhood.h"

namespace tarn {
namespace {

std::size_t countMaxima(const ScalarGrid& grid, Connectivity connectivity,
                        const std::stop_token& stop) {
  const MaskedValues values(grid);
  std::size_t count = 0;
  const Neighbourhood neighbourhood(grid.shape(), connectivity);
  neighbourhood.forEachVertex(stop, [&](std::int64_t vertex, const NeighbourOffsets& offsets) {
    const double value = values[vertex];
    bool highest = !std::isnan(value);
    for (std::size_t i = 0; highest && i < offsets.below.size(); ++i) {
      highest = !(values[vertex + offsets.below[i]] > value);
    }
    for (std::size_t i = 0; highest && i < offsets.above.size(); ++i) {
      highest = !(values[vertex + offsets.above[i]] >= value);
    }
    count += highest ? 1 : 0;
  });
  return count;
}

std::optional<double> mean(const std::vector<PersistencePair>& pairs) {
  if (pairs.empty()) {
    return std::nullopt;
  }
  double sum = 0.0;
  for (const PersistencePair& pair : pairs) {
    sum += pair.persistence();
  }
  return sum / static_cast<double>(pairs.size());
}

nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json treeJson(const MergeTree& tree) {
  auto nodes = nlohmann::json::array();
  for (const TreeNode& node : tree.nodes) {
    nodes.push_back({{"id", node.vertex}, {"value", node.value}, {"kind", toString(node.kind)}});
  }
  return {{"nodes", std::move(nodes)}, {"arcs", tree.arcs()}, {"roots", tree.roots()}};
}

}  // namespace

Analysis analyze(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop) {
  Analysis result;
  result.shape = grid.shape();
  result.connectivity = connectivity;
  result.masked = grid.maskedCount();
  result.tree = joinTree(grid, connectivity, stop);
  result.minima = result.tree.minimaCount;
  result.saddles = result.tree.saddleCount();
  result.maxima = countMaxima(grid, connectivity, stop);
  result.smad = smad(result.tree);
  result.persistence = zerothPersistence(result.tree);
  result.meanPersistence = mean(result.persistence.pairs);
  result.health = checkHealth(grid, result.tree);
  return result;
}

nlohmann::json toJson(const Analysis& analysis) {
  auto pairs = nlohmann::json::array();
  for (const PersistencePair& pair : analysis.persistence.pairs) {
    pairs.push_back({pair.birthVertex, pair.deathVertex});
  }
  auto health = nlohmann::json::array();
  for (const HealthFinding& finding : analysis.health) {
    health.push_back(
        {{"code", finding.code}, {"message", finding.message}, {"repairable", finding.repairable}});
  }
  return {
      {"shape", analysis.shape},
      {"connectivity", toString(analysis.connectivity)},
      {"masked", analysis.masked},
      {"minima", analysis.minima},
      {"saddles", analysis.saddles},
      {"maxima", analysis.maxima},
      {"smad", number(analysis.smad.plain)},
      {"smad_normalized", number(analysis.smad.normalized)},
      {"smad_weighted", number(analysis.smad.weighted)},
      {"smad_normalized_weighted", number(analysis.smad.normalizedWeighted)},
      {"smad_contour_tree", nullptr},
      {"mean_persistence",
       analysis.meanPersistence ? number(*analysis.meanPersistence) : nlohmann::json(nullptr)},
      {"pairs", std::move(pairs)},
      {"tree", treeJson(analysis.tree)},
      {"health", std::move(health)},
  };
}

}  // namespace tarn
