#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tarn {

/// The order in which the points of an n-D grid are computed: coarse to fine, in tiles.
///
/// The first level is every 2^k-th index along each axis and the last one, so that the whole range
/// appears first; each level halves the stride and adds only its new points. The sequence is cut
/// into tiles of `tilePoints` (the last may be shorter). A pure function of its three arguments:
/// engine and project agree on what tile 17 is without telling each other.
class TileOrder {
 public:
  /// The most points a grid may have.
  static constexpr std::uint64_t maximumPoints = 20'000'000;
  /// What is taken where a request or a landscape says nothing.
  static constexpr std::uint64_t usualIntervals = 8;
  static constexpr std::uint64_t mostIntervals = 1024;

  /// coarsestIntervals: the most that the first level has on the longest axis.
  /// Throws Error(usage) when there is no axis, an axis is empty, tilePoints is 0, the grid has
  /// more than maximumPoints, or coarsestIntervals is not in 1 … mostIntervals.
  TileOrder(std::vector<std::uint64_t> shape, std::uint64_t tilePoints,
            std::uint64_t coarsestIntervals = usualIntervals);

  std::uint64_t points() const { return order_.size(); }
  std::uint64_t tiles() const;
  /// How many points the first level has, from which on the whole range can be drawn.
  std::uint64_t coarsestPoints() const { return coarsestPoints_; }
  /// The tile's vertices as C-order indices, in the order they are computed and stored.
  std::span<const std::uint32_t> tile(std::uint64_t index) const;

 private:
  std::uint64_t tilePoints_;
  std::uint64_t coarsestPoints_ = 0;
  std::vector<std::uint32_t> order_;
};

}  // namespace tarn
