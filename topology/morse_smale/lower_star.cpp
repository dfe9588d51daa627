#include "topology/morse_smale/lower_star.h"

#include <algorithm>

namespace tarn {

LowerStar::LowerStar(const Star& star)
    : star_(star),
      open_(star.cells.size(), false),
      queue_(star.cells.size(), Queue::none),
      pairs_(star.cells.size(), kForeignCell) {}

void LowerStar::process(const std::vector<bool>& owned,
                        const std::vector<std::vector<std::int32_t>>& keys) {
  open_ = owned;
  std::ranges::fill(queue_, Queue::none);
  std::ranges::fill(pairs_, kForeignCell);
  for (const std::size_t edge : star_.cells[0].cofaces) {
    if (open_[edge]) {
      queue_[edge] = Queue::zero;
    }
  }
  // The vertex goes with its steepest edge, or is a minimum.
  const std::size_t steepest = pop(Queue::zero, keys);
  if (steepest == star_.cells.size()) {
    pairs_[0] = kCriticalCell;
    open_[0] = false;
    return;
  }
  pair(0, steepest);
  queueCofaces(steepest);
  for (;;) {
    for (std::size_t cell = pop(Queue::one, keys); cell != star_.cells.size();
         cell = pop(Queue::one, keys)) {
      if (unpairedFaces(cell) == 0) {
        queue_[cell] = Queue::zero;
      } else {
        const std::size_t face = unpairedFace(cell);
        pair(face, cell);
        queueCofaces(cell);
        queueCofaces(face);
      }
    }
    const std::size_t cell = pop(Queue::zero, keys);
    if (cell == star_.cells.size()) {
      return;
    }
    pairs_[cell] = kCriticalCell;
    open_[cell] = false;
    queueCofaces(cell);
  }
}

int LowerStar::unpairedFaces(std::size_t cell) const {
  return static_cast<int>(std::ranges::count_if(star_.cells[cell].faces,
                                                [this](std::size_t face) { return open_[face]; }));
}

std::size_t LowerStar::unpairedFace(std::size_t cell) const {
  return *std::ranges::find_if(star_.cells[cell].faces,
                               [this](std::size_t face) { return open_[face]; });
}

void LowerStar::pair(std::size_t lower, std::size_t upper) {
  pairs_[lower] = static_cast<std::uint16_t>(upper);
  pairs_[upper] = static_cast<std::uint16_t>(lower);
  for (const std::size_t cell : {lower, upper}) {
    open_[cell] = false;
    queue_[cell] = Queue::none;
  }
}

void LowerStar::queueCofaces(std::size_t cell) {
  for (const std::size_t coface : star_.cells[cell].cofaces) {
    if (open_[coface] && unpairedFaces(coface) == 1) {
      queue_[coface] = Queue::one;
    }
  }
}

std::size_t LowerStar::pop(Queue queue, const std::vector<std::vector<std::int32_t>>& keys) {
  std::size_t first = queue_.size();
  for (std::size_t cell = 0; cell < queue_.size(); ++cell) {
    if (queue_[cell] == queue && (first == queue_.size() || keys[cell] < keys[first])) {
      first = cell;
    }
  }
  if (first != queue_.size()) {
    queue_[first] = Queue::none;
  }
  return first;
}

}  // namespace tarn
