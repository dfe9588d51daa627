#include "topology/smad/smad.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tarn {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// max − min over all vertices that are not masked: the maxima of components are tops of the tree.
double range(const MergeTree& tree) {
  const auto lower = [](const TreeNode& a, const TreeNode& b) { return a.value < b.value; };
  const auto [low, high] = std::minmax_element(tree.nodes.begin(), tree.nodes.end(), lower);
  return high->value - low->value;
}

}  // namespace

Smad smad(const MergeTree& tree) {
  Smad result;
  if (tree.nodes.empty()) {
    return {kUndefined, kUndefined, kUndefined, kUndefined, 0};
  }
  double gaps = 0.0;
  double weightedGaps = 0.0;
  std::int64_t vertices = 0;
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    vertices += tree.basinSizes[i];
    const std::int32_t parent = tree.nodes[i].parent;
    if (parent < 0 || tree.nodes[static_cast<std::size_t>(parent)].kind != NodeKind::saddle) {
      continue;
    }
    const double gap =
        std::abs(tree.nodes[static_cast<std::size_t>(parent)].value - tree.nodes[i].value);
    gaps += gap;
    weightedGaps += gap * static_cast<double>(tree.basinSizes[i]);
    ++result.pairs;
  }
  if (result.pairs == 0) {
    return result;
  }
  const double count = static_cast<double>(result.pairs);
  const double span = range(tree);
  result.plain = gaps / count;
  result.weighted = weightedGaps / static_cast<double>(vertices) / count;
  result.normalized = span > 0.0 ? result.plain / span : kUndefined;
  result.normalizedWeighted = span > 0.0 ? result.weighted / span : kUndefined;
  return result;
}

double contourTreeSmad(const ContourTree& tree) {
  if (tree.nodes.empty()) {
    return kUndefined;
  }
  double gaps = 0.0;
  std::size_t count = 0;
  for (const auto& [lower, upper] : tree.arcs) {
    const ContourNode& from = tree.nodes[static_cast<std::size_t>(lower)];
    const ContourNode& to = tree.nodes[static_cast<std::size_t>(upper)];
    const bool isLeaf = to.arcsAbove + to.arcsBelow == 1;
    if (from.arcsBelow == 0 && !isLeaf) {
      gaps += to.value - from.value;
      ++count;
    }
  }
  return count > 0 ? gaps / static_cast<double>(count) : 0.0;
}

}  // namespace tarn
