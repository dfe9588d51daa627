#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topology/morse_smale/star.h"

namespace tarn {

inline constexpr std::uint16_t kCriticalCell = 0xFFFF;
inline constexpr std::uint16_t kForeignCell = 0xFFFE;  ///< not owned by the vertex

/// Pairs the cells that one vertex adds: ProcessLowerStars of Robins, Wood and Sheppard for one
/// vertex, with the cells of its star for a complex.
class LowerStar {
 public:
  explicit LowerStar(const Star& star);

  /// keys[i]: for each cell that the vertex owns (cell 0 always is), the ranks of its other
  /// vertices, highest first; `owned` tells which. Afterwards pairs() holds partners.
  void process(const std::vector<bool>& owned, const std::vector<std::vector<std::int32_t>>& keys);
  /// Per cell of the star: its partner, kCriticalCell or kForeignCell.
  const std::vector<std::uint16_t>& pairs() const { return pairs_; }

 private:
  enum class Queue : std::uint8_t { none, zero, one };

  int unpairedFaces(std::size_t cell) const;
  std::size_t unpairedFace(std::size_t cell) const;
  void pair(std::size_t lower, std::size_t upper);
  void queueCofaces(std::size_t cell);
  /// Takes the first cell by key out of a queue; the number of cells when it is empty.
  std::size_t pop(Queue queue, const std::vector<std::vector<std::int32_t>>& keys);
  bool isOpen(std::size_t cell) const { return open_[cell]; }

  const Star& star_;
  std::vector<bool> open_;  ///< owned, neither paired nor critical yet
  std::vector<Queue> queue_;
  std::vector<std::uint16_t> pairs_;
};

}  // namespace tarn
