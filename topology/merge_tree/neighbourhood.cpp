#include "topology/merge_tree/neighbourhood.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

namespace tarn {
namespace {

constexpr std::size_t kMostNeighbours = 65'536;
constexpr int kAtStart = 1;
constexpr int kAtEnd = 2;

using Steps = std::vector<std::vector<int>>;

Steps axisSteps(std::size_t dimension, const std::vector<std::size_t>& axes) {
  Steps result;
  for (const std::size_t axis : axes) {
    for (const int step : {-1, 1}) {
      result.emplace_back(dimension, 0);
      result.back()[axis] = step;
    }
  }
  return result;
}

/// The steps {0, 1}ⁿ and {0, −1}ⁿ without 0, the last axis of the grid mirrored.
Steps freudenthalSteps(std::size_t dimension, const std::vector<std::size_t>& axes) {
  Steps result;
  for (std::size_t subset = 1; subset < std::size_t{1} << axes.size(); ++subset) {
    for (const int sign : {-1, 1}) {
      result.emplace_back(dimension, 0);
      for (std::size_t i = 0; i < axes.size(); ++i) {
        if ((subset >> i & 1U) != 0) {
          result.back()[axes[i]] = axes[i] + 1 == dimension ? -sign : sign;
        }
      }
    }
  }
  return result;
}

Steps fullSteps(std::size_t dimension, const std::vector<std::size_t>& axes, std::size_t count) {
  Steps result;
  for (std::size_t number = 0; number <= count; ++number) {
    std::vector<int> steps(dimension, 0);
    std::size_t digits = number;
    for (const std::size_t axis : axes) {
      steps[axis] = static_cast<int>(digits % 3) - 1;
      digits /= 3;
    }
    if (number != count / 2) {  // the middle one does not move
      result.push_back(std::move(steps));
    }
  }
  return result;
}

std::size_t neighbourCount(std::size_t dimension, Connectivity connectivity) {
  std::size_t count = connectivity == Connectivity::axes2n ? 2 * dimension : 1;
  for (std::size_t i = 0; connectivity != Connectivity::axes2n && i < dimension; ++i) {
    count *= connectivity == Connectivity::full ? 3 : 2;
    if (count > 2 * kMostNeighbours) {
      return count;
    }
  }
  switch (connectivity) {
    case Connectivity::axes2n:
      return count;
    case Connectivity::freudenthal:
      return 2 * (count - 1);
    case Connectivity::full:
      return count - 1;
  }
  return 0;
}

Steps allSteps(const std::vector<std::size_t>& shape, Connectivity connectivity) {
  std::vector<std::size_t> axes;  // an axis of length 1 leads nowhere
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] > 1) {
      axes.push_back(axis);
    }
  }
  const std::size_t count = neighbourCount(axes.size(), connectivity);
  if (count > kMostNeighbours) {
    throw Error(ErrorCode::unsupported,
                "A vertex of this " + std::to_string(axes.size()) +
                    "-dimensional grid has more than 65,536 neighbours in the connectivity " +
                    std::string(toString(connectivity)) + ".",
                "Choose the connectivity 2n.");
  }
  switch (connectivity) {
    case Connectivity::axes2n:
      return axisSteps(shape.size(), axes);
    case Connectivity::freudenthal:
      return freudenthalSteps(shape.size(), axes);
    case Connectivity::full:
      return fullSteps(shape.size(), axes, count);
  }
  return {};
}

bool stays(int step, int side) {
  return !(step < 0 && (side & kAtStart) != 0) && !(step > 0 && (side & kAtEnd) != 0);
}

int sideOf(std::size_t index, std::size_t length) {
  return (index == 0 ? kAtStart : 0) | (index + 1 == length ? kAtEnd : 0);
}

}  // namespace

Neighbourhood::Neighbourhood(std::span<const std::size_t> shape, Connectivity connectivity)
    : shape_(shape.begin(), shape.end()) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max() - 1;
  for (const std::size_t length : shape_) {
    if (length > static_cast<std::size_t>(kMost / vertexCount_)) {
      throw Error(ErrorCode::unsupported, "The grid has more than 2,147,483,646 vertices.",
                  "Take fewer steps along each axis.");
    }
    vertexCount_ *= static_cast<std::int64_t>(length);
  }
  rowLength_ = static_cast<std::int64_t>(shape_.back());
  for (auto& steps : allSteps(shape_, connectivity)) {
    std::int64_t ids = 0;
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      ids = ids * static_cast<std::int64_t>(shape_[axis]) + steps[axis];
    }
    offsets_.push_back({ids, std::move(steps)});
  }
  std::sort(offsets_.begin(), offsets_.end(),
            [](const Offset& a, const Offset& b) { return std::abs(a.ids) < std::abs(b.ids); });
}

bool Neighbourhood::updateSide(std::int64_t row, std::vector<int>& side) const {
  bool changed = false;
  auto rest = static_cast<std::size_t>(row);
  for (std::size_t axis = side.size(); axis-- > 0;) {
    const int now = sideOf(rest % shape_[axis], shape_[axis]);
    rest /= shape_[axis];
    changed = changed || now != side[axis];
    side[axis] = now;
  }
  return changed;
}

Neighbourhood::RowOffsets Neighbourhood::rowOffsets(const std::vector<int>& side) const {
  RowOffsets result;
  const auto add = [](NeighbourOffsets& list, std::int64_t ids) {
    (ids < 0 ? list.below : list.above).push_back(ids);
  };
  for (const Offset& offset : offsets_) {
    bool valid = true;
    for (std::size_t axis = 0; axis < side.size(); ++axis) {
      valid = valid && stays(offset.steps[axis], side[axis]);
    }
    if (!valid) {
      continue;
    }
    const int along = offset.steps.back();
    if (stays(along, sideOf(0, shape_.back()))) {
      add(result.first, offset.ids);
    }
    add(result.middle, offset.ids);
    if (stays(along, kAtEnd)) {
      add(result.last, offset.ids);
    }
  }
  return result;
}

}  // namespace tarn
