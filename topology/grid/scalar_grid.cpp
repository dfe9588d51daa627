#include "topology/grid/scalar_grid.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "topology/base/error.h"

namespace tarn {
namespace {

/// A vertex of more axes would have more neighbours than any grid that fits in memory could use.
constexpr std::size_t kMostAxes = 12;

/// Throws unless so many axes of these lengths hold exactly so many values. Before anything is
/// allocated for them: the lengths may come from a hostile file.
void requireFitting(std::span<const std::size_t> shape, std::size_t values) {
  if (shape.empty()) {
    throw Error(ErrorCode::badInput, "A grid needs at least one axis.");
  }
  if (shape.size() > kMostAxes) {
    throw Error(ErrorCode::badInput,
                "A grid of " + std::to_string(shape.size()) + " axes is too much: Tarn takes " +
                    std::to_string(kMostAxes) + " at most.",
                "Leave out axes of length 1.");
  }
  std::size_t expected = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0) {
      throw Error(ErrorCode::badInput, "Axis " + std::to_string(i) + " of the grid is empty.",
                  "Give every axis at least one coordinate.");
    }
    if (expected > values / shape[i]) {
      expected = 0;  // more vertices than values: the comparison below fails
      break;
    }
    expected *= shape[i];
  }
  if (expected != values) {
    throw Error(ErrorCode::badInput,
                "The grid's axes do not fit its " + std::to_string(values) + " values.",
                "The product of the axis lengths must be the number of values.");
  }
}

void requireIncreasing(const Axis& axis, std::size_t index) {
  for (std::size_t i = 0; i < axis.coordinates.size(); ++i) {
    const bool ordered = i == 0 || axis.coordinates[i - 1] < axis.coordinates[i];
    if (!ordered || !std::isfinite(axis.coordinates[i])) {
      throw Error(ErrorCode::badInput,
                  "The coordinates of grid axis " + std::to_string(index) +
                      " are not strictly increasing and finite at position " + std::to_string(i) +
                      ".",
                  "Sort the axis and remove repeated coordinates.");
    }
  }
}

}  // namespace

ScalarGrid::ScalarGrid(std::vector<Axis> axes, std::vector<double> values)
    : axes_(std::move(axes)), values_(std::move(values)) {
  requireFitting(shape(), values_.size());
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    requireIncreasing(axes_[i], i);
  }
  maskedCount_ = static_cast<std::size_t>(
      std::count_if(values_.begin(), values_.end(), [](double v) { return !std::isfinite(v); }));
}

ScalarGrid ScalarGrid::fromArray(std::span<const std::size_t> shape, std::vector<double> values) {
  requireFitting(shape, values.size());
  std::vector<Axis> axes;
  for (const std::size_t length : shape) {
    Axis axis;
    axis.coordinates.resize(length);
    std::iota(axis.coordinates.begin(), axis.coordinates.end(), 0.0);
    axes.push_back(std::move(axis));
  }
  return {std::move(axes), std::move(values)};
}

std::vector<std::size_t> ScalarGrid::shape() const {
  std::vector<std::size_t> result;
  result.reserve(axes_.size());
  for (const Axis& axis : axes_) {
    result.push_back(axis.coordinates.size());
  }
  return result;
}

std::vector<std::size_t> ScalarGrid::indices(std::int64_t vertex) const {
  std::vector<std::size_t> result(axes_.size());
  auto rest = static_cast<std::size_t>(vertex);
  for (std::size_t i = axes_.size(); i-- > 0;) {
    const std::size_t length = axes_[i].coordinates.size();
    result[i] = rest % length;
    rest /= length;
  }
  return result;
}

}  // namespace tarn
