#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tarn {

/// One axis of a grid: strictly increasing coordinates, and what they measure.
struct Axis {
  std::vector<double> coordinates;
  std::string label;
  std::string unit;
};

/// A scalar field on a rectilinear grid of n >= 1 axes.
///
/// Values are double in C order: the last axis varies fastest, and a vertex's id is its C-order
/// index (for a 2D array of shape (ny, nx): id = y·nx + x). Non-finite values are masked: they
/// belong to no component and are never replaced.
class ScalarGrid {
 public:
  /// Throws Error(badInput) when there is no axis, an axis is empty or not strictly increasing,
  /// or the number of values is not the product of the axes' lengths.
  ScalarGrid(std::vector<Axis> axes, std::vector<double> values);

  /// The grid of a bare array: coordinates 0, 1, 2, … along every axis.
  static ScalarGrid fromArray(std::span<const std::size_t> shape, std::vector<double> values);

  std::size_t dimension() const { return axes_.size(); }
  std::size_t size() const { return values_.size(); }
  std::vector<std::size_t> shape() const;
  const std::vector<Axis>& axes() const { return axes_; }
  std::span<const double> values() const { return values_; }
  double value(std::int64_t vertex) const { return values_[static_cast<std::size_t>(vertex)]; }
  /// How many values are not finite.
  std::size_t maskedCount() const { return maskedCount_; }
  /// The index of a vertex along every axis.
  std::vector<std::size_t> indices(std::int64_t vertex) const;

 private:
  std::vector<Axis> axes_;
  std::vector<double> values_;
  std::size_t maskedCount_ = 0;
};

}  // namespace tarn
