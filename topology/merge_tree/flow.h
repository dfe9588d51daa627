#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/neighbourhood.h"

namespace tarn {

/// The values of a grid with NaN for every masked vertex; copies them only when infinities have to
/// be replaced. A comparison with NaN is false: masked vertices are neither lower nor higher.
class MaskedValues {
 public:
  explicit MaskedValues(const ScalarGrid& grid);
  MaskedValues(const MaskedValues&) = delete;
  MaskedValues& operator=(const MaskedValues&) = delete;

  std::span<const double> span() const { return span_; }
  double operator[](std::int64_t vertex) const { return span_[static_cast<std::size_t>(vertex)]; }
  /// Whether a comes before b in the order (value, id).
  bool before(std::int64_t a, std::int64_t b) const {
    return (*this)[a] < (*this)[b] || ((*this)[a] == (*this)[b] && a < b);
  }

 private:
  std::vector<double> copy_;
  std::span<const double> span_;
};

inline constexpr std::int32_t kMaskedVertex = -1;

/// Where every vertex ends when each goes to its lowest neighbour in (value, id).
struct Flow {
  std::vector<std::int32_t> minima;  ///< vertices, lowest first
  std::vector<std::int32_t> basin;   ///< per vertex: index into minima, or kMaskedVertex
  std::vector<std::int64_t> sizes;   ///< per minimum: the vertices that flow to it
};

/// Throws Error(cancelled).
Flow lowestNeighbourFlow(const MaskedValues& values, const Neighbourhood& neighbourhood,
                         const std::stop_token& stop);

}  // namespace tarn
