#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ui/scene/style.h"

namespace tarn::ui {

/// A marked place of an axis.
struct Tick {
  double value;
  std::string label;  ///< UTF-8, with a true minus and superscript exponents
};

/// Round values from low to high, about so many (at least one, when low ≤ high).
std::vector<Tick> roundTicks(double low, double high, int about);

/// "0.25", "3×10⁻⁷": with so many significant digits at most, without trailing zeros.
std::string formatNumber(double value, int digits = 4);

/// Where values stand between the lowest (0) and the highest (1), on a linear or logarithmic scale.
/// The logarithmic scale starts at the smallest positive value: what is not positive stands at 0.
class HeightMap {
 public:
  /// Of the finite values; with a clip above the lowest, nothing is higher than that. When no value
  /// is positive a logarithmic scale is not possible, and linear() is true.
  HeightMap(std::span<const double> values, HeightScale scale, std::optional<double> clip = {});

  double low() const { return low_; }
  double high() const { return high_; }
  bool linear() const { return linear_; }
  /// Whether some values are higher than high().
  bool clipped() const { return clipped_; }
  /// How many values are finite.
  std::size_t count() const { return count_; }
  /// How many of them a logarithmic scale cannot place: they stand at 0. None on a linear scale
  /// that was asked for.
  std::size_t notPositive() const { return notPositive_; }

  /// From 0 to 1; NaN for a value that is not finite.
  double unit(double value) const;
  /// Round values inside the range.
  std::vector<Tick> ticks(int about) const;
  /// Values for iso-lines, evenly spaced in height: the ticks of a linear scale, powers of one
  /// ratio (such as ⁵√10) on a logarithmic one.
  std::vector<Tick> levels(int about) const;

 private:
  double low_ = 0.0;
  double high_ = 1.0;
  bool linear_ = true;
  bool clipped_ = false;
  std::size_t count_ = 0;
  std::size_t notPositive_ = 0;
};

}  // namespace tarn::ui
