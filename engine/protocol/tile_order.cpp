#include "engine/protocol/tile_order.h"

#include <algorithm>
#include <bit>
#include <sstream>
#include <string>

#include "topology/base/error.h"

namespace tarn {
namespace {

std::string shapeText(std::span<const std::uint64_t> shape) {
  std::string text;
  for (const auto extent : shape) {
    text += (text.empty() ? "" : "×") + std::to_string(extent);
  }
  return text;
}

std::uint64_t countPoints(std::span<const std::uint64_t> shape) {
  if (shape.empty() || std::find(shape.begin(), shape.end(), 0U) != shape.end()) {
    throw Error(ErrorCode::usage, "A grid needs at least one axis and one point on every axis.");
  }
  std::uint64_t points = 1;
  bool tooMany = false;
  double estimate = 1;
  for (const auto extent : shape) {
    estimate *= static_cast<double>(extent);
    tooMany = tooMany || extent > TileOrder::maximumPoints / points;
    points = tooMany ? points : points * extent;
  }
  if (tooMany) {
    std::ostringstream count;
    count.precision(3);
    count << estimate;
    throw Error(ErrorCode::usage,
                "A grid of " + shapeText(shape) + " has " + count.str() +
                    " points; the most that can be sampled is " +
                    std::to_string(TileOrder::maximumPoints) + ".",
                "Take fewer axes or fewer steps on each.");
  }
  return points;
}

std::uint64_t coarsestStride(std::span<const std::uint64_t> shape, std::uint64_t intervals) {
  const auto longest = *std::max_element(shape.begin(), shape.end());
  std::uint64_t stride = 1;
  while (stride * intervals < longest) {
    stride *= 2;
  }
  return stride;
}

/// The largest stride (a power of two) whose level contains the index on its axis.
std::uint64_t strideOf(std::uint64_t index, std::uint64_t extent, std::uint64_t coarsest) {
  if (index == 0 || index + 1 == extent) {
    return coarsest;
  }
  return std::min(coarsest, index & (~index + 1));
}

/// The indices of the next vertex in C order.
void toNextVertex(std::vector<std::uint64_t>& index, std::span<const std::uint64_t> shape) {
  for (std::size_t axis = shape.size(); axis > 0; --axis) {
    if (++index[axis - 1] < shape[axis - 1]) {
      return;
    }
    index[axis - 1] = 0;
  }
}

}  // namespace

TileOrder::TileOrder(std::vector<std::uint64_t> shape, std::uint64_t tilePoints,
                     std::uint64_t coarsestIntervals)
    : tilePoints_(tilePoints) {
  if (tilePoints == 0) {
    throw Error(ErrorCode::usage, "A tile needs at least one point.");
  }
  if (coarsestIntervals < 1 || coarsestIntervals > mostIntervals) {
    throw Error(ErrorCode::usage,
                "The first level of a grid cannot have " + std::to_string(coarsestIntervals) +
                    " intervals.",
                "Take 1 to " + std::to_string(mostIntervals) + ".");
  }
  const auto count = countPoints(shape);
  const auto coarsest = coarsestStride(shape, coarsestIntervals);
  std::vector<std::vector<std::uint32_t>> levels;
  for (auto stride = coarsest; stride > 0; stride /= 2) {
    levels.emplace_back();
  }
  std::vector<std::uint64_t> index(shape.size(), 0);
  for (std::uint64_t vertex = 0; vertex < count; ++vertex) {
    auto stride = coarsest;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      stride = std::min(stride, strideOf(index[axis], shape[axis], coarsest));
    }
    const auto level = static_cast<std::size_t>(std::countr_zero(coarsest / stride));
    levels[level].push_back(static_cast<std::uint32_t>(vertex));
    toNextVertex(index, shape);
  }
  coarsestPoints_ = levels.front().size();
  order_.reserve(count);
  for (const auto& level : levels) {
    order_.insert(order_.end(), level.begin(), level.end());
  }
}

std::uint64_t TileOrder::tiles() const {
  return (points() + tilePoints_ - 1) / tilePoints_;
}

std::span<const std::uint32_t> TileOrder::tile(std::uint64_t index) const {
  if (index >= tiles()) {
    throw Error(ErrorCode::usage, "There is no tile " + std::to_string(index) + " among " +
                                      std::to_string(tiles()) + ".");
  }
  const auto first = index * tilePoints_;
  return std::span(order_).subspan(first, std::min(tilePoints_, points() - first));
}

}  // namespace tarn
