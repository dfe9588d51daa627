#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "topology/base/stop.h"
#include "topology/merge_tree/connectivity.h"

namespace tarn {

/// Where the neighbours of a vertex are: differences of vertex ids.
struct NeighbourOffsets {
  std::vector<std::int64_t> below;  ///< negative, nearest first
  std::vector<std::int64_t> above;  ///< positive, nearest first
};

/// The neighbours of all vertices of a grid in C order, border vertices included.
class Neighbourhood {
 public:
  /// Throws Error(unsupported) for more than 2³¹−2 vertices or more than 65,536 neighbours each.
  Neighbourhood(std::span<const std::size_t> shape, Connectivity connectivity);

  std::int64_t vertexCount() const { return vertexCount_; }

  /// Calls visit(first, count, offsets) for runs of consecutive vertices with the same neighbours,
  /// in order of id. Throws Error(cancelled).
  template <typename Visit>
  void forEachRun(const std::stop_token& stop, Visit visit) const {
    std::vector<int> side(shape_.size() - 1, 0);
    RowOffsets offsets;
    for (std::int64_t row = 0; row < vertexCount_; row += rowLength_) {
      throwIfStopped(stop, "the tree");
      if (updateSide(row / rowLength_, side) || row == 0) {
        offsets = rowOffsets(side);
      }
      visit(row, std::int64_t{1}, offsets.first);
      for (std::int64_t start = 1; start < rowLength_ - 1; start += kLongestRun) {
        visit(row + start, std::min(kLongestRun, rowLength_ - 1 - start), offsets.middle);
      }
      if (rowLength_ > 1) {
        visit(row + rowLength_ - 1, std::int64_t{1}, offsets.last);
      }
    }
  }

  /// The same one vertex at a time: visit(vertex, offsets).
  template <typename Visit>
  void forEachVertex(const std::stop_token& stop, Visit visit) const {
    forEachRun(stop, [&](std::int64_t first, std::int64_t count, const NeighbourOffsets& offsets) {
      for (std::int64_t vertex = first; vertex < first + count; ++vertex) {
        visit(vertex, offsets);
      }
    });
  }

  /// No run has more vertices: what is kept for each of them stays in the cache.
  static constexpr std::int64_t kLongestRun = 256;

 private:
  struct RowOffsets {
    NeighbourOffsets first;
    NeighbourOffsets middle;
    NeighbourOffsets last;
  };
  struct Offset {
    std::int64_t ids = 0;
    std::vector<int> steps;  ///< −1, 0 or 1 along every axis
  };

  /// For every axis but the last, at which ends of it the row lies (bit 0: start, bit 1: end).
  /// True when that differs from the row before.
  bool updateSide(std::int64_t row, std::vector<int>& side) const;
  RowOffsets rowOffsets(const std::vector<int>& side) const;

  std::vector<std::size_t> shape_;
  std::int64_t vertexCount_ = 1;
  std::int64_t rowLength_ = 1;
  std::vector<Offset> offsets_;  ///< by ids
};

}  // namespace tarn
