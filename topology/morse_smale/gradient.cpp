#include "topology/morse_smale/gradient.h"

#include <algorithm>
#include <functional>
#include <string>

#include "topology/base/numbers.h"
#include "topology/base/stop.h"
#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/order.h"
#include "topology/morse_smale/lower_star.h"

namespace tarn {
namespace {

std::vector<std::int32_t> ranks(const ScalarGrid& grid, bool reversed,
                                const std::stop_token& stop) {
  const MaskedValues values(grid);
  const auto order = sortedOrder(values.span(), stop);
  std::vector<std::int32_t> result(grid.size(), -1);
  const auto count = static_cast<std::int32_t>(order.size());
  for (std::int32_t i = 0; i < count; ++i) {
    result[at(order[at(i)])] = reversed ? count - 1 - i : i;
  }
  return result;
}

}  // namespace

Gradient::Gradient(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop)
    : shape_(grid.shape()),
      reversed_(connectivity == Connectivity::full),
      star_(shape_, connectivity),
      rank_(ranks(grid, reversed_, stop)),
      pairs_(grid.size() * star_.cells.size(), kForeignCell) {
  LowerStar lower(star_);
  std::vector<bool> owned(star_.cells.size());
  std::vector<std::vector<std::int32_t>> keys(star_.cells.size());
  std::vector<std::size_t> place(shape_.size(), 0);
  const std::size_t rowLength = shape_.back();
  for (std::int64_t vertex = 0; vertex < vertexCount(); ++vertex) {
    if (at(vertex) % rowLength == 0) {
      throwIfStopped(stop, "the gradient");
    }
    if (!isMasked(vertex)) {
      for (std::size_t i = 0; i < star_.cells.size(); ++i) {
        const StarCell& cell = star_.cells[i];
        keys[i].clear();
        owned[i] = true;
        for (std::size_t k = 0; owned[i] && k < cell.offsets.size(); ++k) {
          const bool inside = isInside(place, cell.steps[k]);
          const std::int32_t rank = inside ? rank_[at(vertex + cell.offsets[k])] : -1;
          owned[i] = (rank >= 0 || reversed_) && rank < rank_[at(vertex)];
          keys[i].push_back(rank);
        }
        std::ranges::sort(keys[i], std::greater<>());
      }
      lower.process(owned, keys);
      std::ranges::copy(lower.pairs(), &pairOf(vertex, 0));
    }
    for (std::size_t axis = shape_.size(); axis-- > 0;) {
      if (++place[axis] < shape_[axis]) {
        break;
      }
      place[axis] = 0;
    }
  }
}

bool Gradient::isInside(const std::vector<std::size_t>& place, const std::vector<int>& step) const {
  for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
    if (step[axis] < 0 ? place[axis] == 0 : step[axis] > 0 && place[axis] + 1 == shape_[axis]) {
      return false;
    }
  }
  return true;
}

bool Gradient::isCritical(const Cell& cell) const {
  return pairOf(cell.owner, cell.star) == kCriticalCell;
}

Cell Gradient::partner(const Cell& cell) const {
  return {cell.owner, pairOf(cell.owner, cell.star)};
}

bool Gradient::exists(std::int64_t vertex, std::size_t star) const {
  if (reversed_) {
    return true;
  }
  std::vector<std::size_t> place(shape_.size());
  auto rest = at(vertex);
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    place[axis] = rest % shape_[axis];
    rest /= shape_[axis];
  }
  const StarCell& cell = star_.cells[star];
  for (std::size_t k = 0; k < cell.steps.size(); ++k) {
    if (!isInside(place, cell.steps[k]) || isMasked(vertex + cell.offsets[k])) {
      return false;
    }
  }
  return true;
}

Cell Gradient::canonical(std::int64_t vertex, std::size_t star) const {
  const StarCell& cell = star_.cells[star];
  std::vector<std::size_t> place(shape_.size());
  auto rest = at(vertex);
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    place[axis] = rest % shape_[axis];
    rest /= shape_[axis];
  }
  Cell result{vertex, star};
  for (std::size_t k = 0; k < cell.offsets.size(); ++k) {
    if (isInside(place, cell.steps[k])) {
      const std::int64_t other = vertex + cell.offsets[k];
      if (rank(other) > rank(result.owner)) {
        result = {other, cell.seenAs[k]};
      }
    }
  }
  return result;
}

}  // namespace tarn
