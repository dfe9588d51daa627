#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "topology/base/numbers.h"
#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"
#include "topology/persistence/freudenthal.h"

namespace tarn::test {

/// χ of {f ≤ level} by counting its cells, independent of any homology. A cell of the cubical
/// complex over a grid is a block of at most 2 vertices an axis; over top cells, the grid's entries
/// are the blocks and a face belongs to the lowest of those it bounds. Masked vertices are never
/// in.
inline int eulerCharacteristic(const ScalarGrid& grid, Connectivity connectivity, double level) {
  int result = 0;
  const auto height = [&](std::int64_t vertex) {
    return std::isfinite(grid.value(vertex)) ? grid.value(vertex) : kInfinity;
  };
  if (connectivity == Connectivity::freudenthal) {
    FreudenthalSimplices(grid.shape(), 64).forEach([&](std::span<const std::int64_t> simplex) {
      const bool inside = std::ranges::all_of(
          simplex, [&](std::int64_t vertex) { return height(vertex) <= level; });
      result += inside ? (simplex.size() % 2 == 1 ? 1 : -1) : 0;
    });
    return result;
  }
  // Along an axis a cell is a point (even place) or an interval (odd place) of the refined grid.
  const bool isFull = connectivity == Connectivity::full;
  const auto shape = grid.shape();
  std::vector<std::size_t> place(shape.size(), 0);
  const auto placesAlong = [&](std::size_t axis) {
    return isFull ? 2 * shape[axis] + 1 : 2 * shape[axis] - 1;
  };
  for (;;) {
    // For `2n` the even places are the vertices, for `full` the odd ones.
    double worst = -kInfinity;
    double best = kInfinity;
    int dimension = 0;
    std::function<void(std::size_t, std::size_t)> visit = [&](std::size_t axis, std::size_t id) {
      if (axis == shape.size()) {
        worst = std::max(worst, height(static_cast<std::int64_t>(id)));
        best = std::min(best, height(static_cast<std::int64_t>(id)));
        return;
      }
      const std::size_t p = place[axis];
      const bool single = isFull == (p % 2 == 1);
      for (const std::size_t doubled :
           single ? std::vector<std::size_t>{p} : std::vector<std::size_t>{p - 1, p + 1}) {
        const std::size_t index = isFull ? (doubled - 1) / 2 : doubled / 2;
        if (!(isFull && doubled == p - 1 && p == 0) && index < shape[axis]) {
          visit(axis + 1, id * shape[axis] + index);
        }
      }
    };
    for (const std::size_t p : place) {
      dimension += static_cast<int>(p % 2);
    }
    visit(0, 0);
    if ((isFull ? best : worst) <= level) {
      result += dimension % 2 == 0 ? 1 : -1;
    }
    std::size_t axis = 0;
    while (axis < shape.size() && ++place[axis] == placesAlong(axis)) {
      place[axis++] = 0;
    }
    if (axis == shape.size()) {
      return result;
    }
  }
}

}  // namespace tarn::test
