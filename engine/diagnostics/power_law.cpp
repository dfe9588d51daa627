#include "engine/diagnostics/power_law.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace tarn::engine {
namespace {

std::vector<double> logarithms(std::span<const double> values) {
  std::vector<double> logs(values.size());
  std::transform(values.begin(), values.end(), logs.begin(), [](double v) { return std::log(v); });
  return logs;
}

/// Hill's exponent of the tail that begins with these logarithms.
std::optional<double> exponentOf(std::span<const double> logs) {
  const double sum = std::accumulate(logs.begin(), logs.end(), 0.0,
                                     [&](double s, double log) { return s + (log - logs[0]); });
  return sum > 0 ? std::optional(1 + static_cast<double>(logs.size()) / sum) : std::nullopt;
}

/// The largest distance, or anything above `enough` as soon as it is exceeded.
double distanceOf(std::span<const double> logs, double alpha, double enough) {
  const auto n = static_cast<double>(logs.size());
  double largest = 0;
  for (std::size_t j = 0; j < logs.size() && largest <= enough; ++j) {
    const double law = -std::expm1((1 - alpha) * (logs[j] - logs[0]));
    largest = std::max(largest, std::abs(law - static_cast<double>(j) / n));
  }
  return largest;
}

}  // namespace

std::optional<double> hillExponent(std::span<const double> ascending) {
  if (ascending.size() < fewestEigenvalues) {
    return std::nullopt;
  }
  return exponentOf(logarithms(ascending.subspan(ascending.size() / 2)));
}

std::optional<TailFit> fitTail(std::span<const double> ascending,
                               const std::function<void()>& pause) {
  if (ascending.size() < fewestEigenvalues) {
    return std::nullopt;
  }
  constexpr std::size_t tailsAPause = 256;
  const auto logs = logarithms(ascending);
  std::optional<TailFit> best;
  for (std::size_t i = 0; i + 1 < logs.size(); ++i) {
    if (pause && i % tailsAPause == 0) {
      pause();
    }
    const auto tail = std::span(logs).subspan(i);
    if (const auto alpha = exponentOf(tail)) {
      const double distance = distanceOf(tail, *alpha, best ? best->distance : 1);
      if (!best || distance < best->distance) {
        best = {*alpha, distance, ascending[i]};
      }
    }
  }
  return best;
}

}  // namespace tarn::engine
