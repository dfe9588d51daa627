#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/morse_smale/star.h"

namespace tarn {

/// A cell of a complex, as the vertex that adds it to the filtration and its place in the star of
/// that vertex.
struct Cell {
  std::int64_t owner = -1;
  std::size_t star = 0;

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// A discrete gradient of a grid: every cell is critical or paired with one of one dimension more
/// or less (Robins, Wood, Sheppard, IEEE TPAMI 33(8), 2011: ProcessLowerStars, on the order (value,
/// id), so that it has as many critical cells as the persistence of the grid demands).
///
/// For `2n` and `freudenthal` a cell is added by its highest vertex. For `full` the grid's entries
/// are top cells and a face is added by the lowest of them: that is the same with the order
/// reversed and dimensions counted from the top, and all that follows is said in those terms, in
/// which the order is that of `rank()`.
class Gradient {
 public:
  /// Throws what Star throws, Error(unsupported) for more than 2³¹−2 vertices, Error(cancelled).
  Gradient(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop);

  const Star& star() const { return star_; }
  bool isReversed() const { return reversed_; }
  std::int64_t vertexCount() const { return static_cast<std::int64_t>(rank_.size()); }
  bool isMasked(std::int64_t vertex) const { return rank_[static_cast<std::size_t>(vertex)] < 0; }
  /// Place in the order; negative for a masked vertex.
  std::int32_t rank(std::int64_t vertex) const { return rank_[static_cast<std::size_t>(vertex)]; }

  bool isCritical(const Cell& cell) const;
  /// The partner of a cell that is not critical; it has the same owner.
  Cell partner(const Cell& cell) const;
  /// Whether a vertex has that cell of the star, all of whose vertices lie in the grid. For `full`
  /// entries outside the grid count as there, and as first of all.
  bool exists(std::int64_t vertex, std::size_t star) const;
  /// The same cell by its owner.
  Cell canonical(std::int64_t vertex, std::size_t star) const;
  /// The other vertex of an edge of a star.
  std::int64_t otherEnd(const Cell& edge) const {
    return edge.owner + star_.cells[edge.star].offsets[0];
  }

 private:
  std::uint16_t& pairOf(std::int64_t vertex, std::size_t star) {
    return pairs_[static_cast<std::size_t>(vertex) * star_.cells.size() + star];
  }
  std::uint16_t pairOf(std::int64_t vertex, std::size_t star) const {
    return pairs_[static_cast<std::size_t>(vertex) * star_.cells.size() + star];
  }
  bool isInside(const std::vector<std::size_t>& place, const std::vector<int>& step) const;

  std::vector<std::size_t> shape_;
  bool reversed_;
  Star star_;
  std::vector<std::int32_t> rank_;
  std::vector<std::uint16_t> pairs_;  ///< per vertex and cell of its star, where it is the owner
};

}  // namespace tarn
