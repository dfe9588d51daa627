#include "ui/figures/weight_fits.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tarn::ui {

WeightHistogram histogramOf(const WeightSpectrum& weight) {
  WeightHistogram result;
  const double largest = weight.eigenvalues.empty() ? 0.0 : weight.eigenvalues.back();
  for (const double value : weight.eigenvalues) {
    // Below that an eigenvalue of WᵀW is rounding.
    if (value > 1e-12 * largest) {
      result.values.push_back(value);
    } else {
      ++result.zeros;
    }
  }
  if (result.values.empty()) {
    return result;
  }
  double low = std::log(result.values.front());
  double high = std::log(result.values.back());
  if (high - low < 0.2) {
    low -= 0.1;
    high += 0.1;
  }
  const auto count = static_cast<double>(result.values.size());
  const auto bins = static_cast<std::size_t>(std::clamp(2.5 * std::cbrt(count), 5.0, 80.0));
  for (std::size_t i = 0; i <= bins; ++i) {
    result.edges.push_back(
        std::exp(std::lerp(low, high, static_cast<double>(i) / static_cast<double>(bins))));
  }
  result.density.assign(bins, 0.0);
  for (const double value : result.values) {
    const double share = (std::log(value) - low) / (high - low);
    const auto bin = static_cast<std::size_t>(
        std::clamp(share * static_cast<double>(bins), 0.0, static_cast<double>(bins - 1)));
    result.density[bin] += 1.0;
  }
  for (std::size_t i = 0; i < bins; ++i) {
    result.density[i] /=
        static_cast<double>(result.all()) * (result.edges[i + 1] - result.edges[i]);
  }
  return result;
}

double PowerTail::at(double value) const {
  return share * (alpha - 1) / from * std::pow(value / from, -alpha);
}

std::optional<PowerTail> tailOf(const WeightHistogram& histogram, double alpha, double from) {
  if (!(alpha > 1) || !(from > 0) || histogram.values.empty()) {
    return std::nullopt;
  }
  const auto begin = std::ranges::lower_bound(histogram.values, from * (1 - 1e-9));
  const auto tail = static_cast<double>(histogram.values.end() - begin);
  return PowerTail{alpha, from, tail / static_cast<double>(histogram.all())};
}

double randomDensity(double low, double high, double value) {
  if (value <= low || value >= high) {
    return 0.0;
  }
  const double spread = (std::sqrt(high) - std::sqrt(low)) * (std::sqrt(high) - std::sqrt(low)) / 4;
  return std::sqrt((high - value) * (value - low)) / (2 * std::numbers::pi * value * spread);
}

}  // namespace tarn::ui
