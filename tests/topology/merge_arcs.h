#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "topology/base/numbers.h"
#include "topology/contour_tree/contour_tree.h"
#include "topology/merge_tree/merge_tree.h"
#include "union_find.h"

namespace tarn::test {

/// Arcs {vertex, parent vertex} of a merge tree, roots of one child left out: an arc that ends in
/// one has the parent −1.
using Arcs = std::set<std::pair<std::int64_t, std::int64_t>>;

inline Arcs arcsOf(const MergeTree& tree) {
  Arcs arcs;
  for (const TreeNode& node : tree.nodes) {
    if (node.kind != NodeKind::root) {
      const bool hasParent = node.parent >= 0 && tree.nodes[at(node.parent)].kind != NodeKind::root;
      arcs.emplace(node.vertex, hasParent ? tree.nodes[at(node.parent)].vertex : -1);
    }
  }
  return arcs;
}

/// The join tree (or split tree) of the contour tree itself, as a graph, by its definition.
inline Arcs mergeArcsOf(const ContourTree& tree, Levels levels) {
  const bool isJoin = levels == Levels::sublevel;
  const std::size_t count = tree.nodes.size();
  std::vector<std::vector<std::size_t>> before(count);
  for (const auto& [lower, upper] : tree.arcs) {
    before[at(isJoin ? upper : lower)].push_back(at(isJoin ? lower : upper));
  }
  UnionFind components(count);
  std::vector<std::int64_t> top(count, -1);
  Arcs arcs;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t node = isJoin ? i : count - 1 - i;
    std::set<std::size_t> meeting;
    for (const std::size_t neighbour : before[node]) {
      meeting.insert(components.find(neighbour));
    }
    const std::int64_t vertex = tree.nodes[node].vertex;
    std::int64_t newTop = meeting.size() == 1 ? top[*meeting.begin()] : vertex;
    for (const std::size_t component : meeting) {
      if (meeting.size() > 1) {
        arcs.emplace(top[component], vertex);
      }
      components.join(component, node);
    }
    top[components.find(node)] = newTop;
  }
  std::set<std::int64_t> tops;
  for (std::size_t node = 0; node < count; ++node) {
    tops.insert(top[components.find(node)]);
  }
  for (const std::int64_t vertex : tops) {
    arcs.emplace(vertex, -1);
  }
  return arcs;
}

}  // namespace tarn::test
