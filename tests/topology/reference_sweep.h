#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"

namespace tarn::test {

/// The neighbour relation as the definition words it, for two index vectors.
inline bool areNeighbours(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b,
                          Connectivity connectivity) {
  int moved = 0;
  bool noneDown = true;
  bool noneUp = true;
  for (std::size_t axis = 0; axis < a.size(); ++axis) {
    int step = static_cast<int>(b[axis]) - static_cast<int>(a[axis]);
    if (step < -1 || step > 1) {
      return false;
    }
    moved += step != 0 ? 1 : 0;
    step = axis + 1 == a.size() ? -step : step;
    noneDown = noneDown && step >= 0;
    noneUp = noneUp && step <= 0;
  }
  switch (connectivity) {
    case Connectivity::axes2n:
      return moved == 1;
    case Connectivity::freudenthal:
      return moved > 0 && (noneDown || noneUp);
    case Connectivity::full:
      return moved > 0;
  }
  return false;
}

/// The join tree straight from its definition: all vertices in order, one after the other, into
/// components kept as plain lists. Quadratic, and shares no code with the library.
struct ReferenceTree {
  struct Saddle {
    std::int64_t vertex;
    std::vector<std::int64_t> below;  ///< the vertices of its child nodes, sorted
  };
  std::vector<std::int64_t> minima;   ///< in order
  std::vector<Saddle> saddles;        ///< in order
  std::vector<std::int64_t> tops;     ///< highest vertex of every component, in order
  std::vector<std::int64_t> arcOf;    ///< per vertex: the vertex of the node its arc starts at
  std::vector<std::int64_t> basinOf;  ///< per vertex: the minimum it flows to
};

inline ReferenceTree referenceTree(const ScalarGrid& grid, Connectivity connectivity) {
  const auto size = static_cast<std::int64_t>(grid.size());
  std::vector<std::int64_t> order;
  for (std::int64_t v = 0; v < size; ++v) {
    if (std::isfinite(grid.value(v))) {
      order.push_back(v);
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return grid.value(a) < grid.value(b); });

  ReferenceTree tree;
  tree.arcOf.assign(grid.size(), -1);
  tree.basinOf.assign(grid.size(), -1);
  std::vector<std::int64_t> component(grid.size(), -1);
  std::vector<std::int64_t> nodeOn(grid.size(), -1);  // per component: its latest node
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::int64_t vertex = order[k];
    const auto here = grid.indices(vertex);
    std::vector<std::int64_t> meeting;
    std::int64_t lowest = -1;
    for (std::size_t j = 0; j < k; ++j) {
      if (areNeighbours(here, grid.indices(order[j]), connectivity)) {
        meeting.push_back(component[static_cast<std::size_t>(order[j])]);
        lowest = lowest < 0 ? order[j] : lowest;
      }
    }
    std::sort(meeting.begin(), meeting.end());
    meeting.erase(std::unique(meeting.begin(), meeting.end()), meeting.end());
    const auto v = static_cast<std::size_t>(vertex);
    tree.basinOf[v] = lowest < 0 ? vertex : tree.basinOf[static_cast<std::size_t>(lowest)];
    if (meeting.empty()) {
      tree.minima.push_back(vertex);
      component[v] = vertex;
      nodeOn[v] = vertex;
    } else if (meeting.size() == 1) {
      component[v] = meeting[0];
    } else {
      ReferenceTree::Saddle saddle{vertex, {}};
      for (const std::int64_t c : meeting) {
        saddle.below.push_back(nodeOn[static_cast<std::size_t>(c)]);
        std::replace(component.begin(), component.end(), c, vertex);
      }
      std::sort(saddle.below.begin(), saddle.below.end());
      tree.saddles.push_back(saddle);
      component[v] = vertex;
      nodeOn[v] = vertex;
    }
    tree.arcOf[v] = nodeOn[static_cast<std::size_t>(component[v])];
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto mine = component[static_cast<std::size_t>(order[k])];
    const bool last = std::none_of(
        order.begin() + static_cast<std::ptrdiff_t>(k) + 1, order.end(),
        [&](std::int64_t v) { return component[static_cast<std::size_t>(v)] == mine; });
    if (last) {
      tree.tops.push_back(order[k]);
      tree.arcOf[static_cast<std::size_t>(order[k])] = order[k];
    }
  }
  return tree;
}

}  // namespace tarn::test
