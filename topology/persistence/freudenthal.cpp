#include "topology/persistence/freudenthal.h"

#include <limits>
#include <utility>

namespace tarn {
namespace {

// 8 axes make 545,835 chains at every vertex; more could be triangulated in no memory.
constexpr std::size_t kMostAxes = 8;

}  // namespace

FreudenthalSimplices::FreudenthalSimplices(std::vector<std::size_t> shape, int highestDimension)
    : shape_(std::move(shape)) {
  std::vector<std::int64_t> stepOf(shape_.size());
  std::int64_t stride = 1;
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    stepOf[axis] = axis + 1 == shape_.size() ? -stride : stride;
    stride *= static_cast<std::int64_t>(shape_[axis]);
  }
  for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
    if (shape_[axis] > 1) {
      axes_.push_back(axis);
    }
  }
  if (axes_.size() > kMostAxes) {
    tooMany_ = true;
    return;
  }
  const unsigned all = (1U << axes_.size()) - 1;
  const auto idsOf = [&](unsigned subset) {
    std::int64_t ids = 0;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      ids += (subset >> i & 1U) != 0 ? stepOf[axes_[i]] : 0;
    }
    return ids;
  };
  chains_.push_back({});
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    if (static_cast<int>(chains_[i].offsets.size()) == highestDimension) {
      break;  // chains are listed by length
    }
    for (unsigned subset = 1; subset <= all; ++subset) {
      const unsigned before = chains_[i].axes;
      if ((subset & before) == before && subset != before) {
        Chain longer = chains_[i];
        longer.offsets.push_back(idsOf(subset));
        longer.axes = subset;
        chains_.push_back(std::move(longer));
      }
    }
  }
}

std::size_t FreudenthalSimplices::upperBound() const {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  std::size_t count = tooMany_ ? kMost : chains_.size();
  for (const std::size_t length : shape_) {
    if (count > kMost / length) {
      return kMost;
    }
    count *= length;
  }
  return count;
}

void FreudenthalSimplices::forEach(
    const std::function<void(std::span<const std::int64_t>)>& visit) const {
  std::int64_t count = 1;
  for (const std::size_t length : shape_) {
    count *= static_cast<std::int64_t>(length);
  }
  // Along which axes a vertex can step: forwards, along the last one backwards.
  const auto openAxes = [&](std::int64_t vertex) {
    unsigned open = 0;
    for (std::size_t axis = shape_.size(), i = axes_.size(); axis-- > 0;) {
      const auto length = static_cast<std::int64_t>(shape_[axis]);
      const std::int64_t index = vertex % length;
      vertex /= length;
      if (length > 1) {
        --i;
        const bool canStep = axis + 1 == shape_.size() ? index > 0 : index + 1 < length;
        open |= canStep ? 1U << i : 0U;
      }
    }
    return open;
  };
  std::vector<std::int64_t> simplex;
  for (std::size_t first = 0; first < chains_.size();) {
    const std::size_t length = chains_[first].offsets.size();
    std::size_t end = first;
    while (end < chains_.size() && chains_[end].offsets.size() == length) {
      ++end;
    }
    for (std::int64_t vertex = 0; vertex < count; ++vertex) {
      const unsigned open = openAxes(vertex);
      for (std::size_t i = first; i < end; ++i) {
        if ((chains_[i].axes & ~open) == 0) {
          simplex.assign(1, vertex);
          for (const std::int64_t offset : chains_[i].offsets) {
            simplex.push_back(vertex + offset);
          }
          visit(simplex);
        }
      }
    }
    first = end;
  }
}

}  // namespace tarn
