#pragma once

#include <vector>

#include "ui/scene/height_map.h"

namespace tarn::ui {

enum class ScaleKind {
  linear,
  logarithmic,  ///< of values above 0
  symmetric,    ///< logarithmic on both sides of 0, linear near it
};

/// How the values of an axis become places along it. Places are finite for any range of doubles.
class PlotScale {
 public:
  /// From `low` to `high`, which are moved apart when they are one. Logarithmic: both above 0.
  /// Symmetric: values below `linearWithin` (above 0) are nearly linear.
  PlotScale(ScaleKind kind, double low, double high, double linearWithin = 1.0);

  ScaleKind kind() const { return kind_; }
  double low() const { return low_; }
  double high() const { return high_; }
  /// On a logarithmic scale, what is 0 or less stands below the range.
  double place(double value) const;
  double value(double place) const;
  /// Round values, about so many; `Tick::value` is a place.
  std::vector<Tick> ticks(int about) const;

 private:
  std::vector<Tick> symmetricTicks(int about) const;

  ScaleKind kind_;
  double low_;
  double high_;
  double unit_;  ///< linear: the value at place 1; symmetric: where it becomes linear
};

}  // namespace tarn::ui
