#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace tarn {

/// The simplices of the Freudenthal triangulation of a grid in the connectivity `freudenthal`
/// (topology/merge_tree/connectivity.h): chains v, v + s₁, v + s₂, … of steps with s₁ ⊂ s₂ ⊂ … as
/// sets of axes, the last axis walked backwards.
class FreudenthalSimplices {
 public:
  /// Simplices of at most `highestDimension` dimensions. Axes of length 1 lead nowhere.
  FreudenthalSimplices(std::vector<std::size_t> shape, int highestDimension);

  /// At least as many as there are; saturates at the largest number.
  std::size_t upperBound() const;

  /// Visits every simplex once, as the ids of its vertices; faces come before what they bound.
  void forEach(const std::function<void(std::span<const std::int64_t>)>& visit) const;

 private:
  /// The steps of a chain: ids to add, and the axes that the last of them has moved along.
  struct Chain {
    std::vector<std::int64_t> offsets;
    unsigned axes = 0;
  };

  std::vector<std::size_t> shape_;
  std::vector<std::size_t> axes_;
  std::vector<Chain> chains_;  ///< by length
  bool tooMany_ = false;
};

}  // namespace tarn
