#include "topology/smad/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace tarn {
namespace {

constexpr std::size_t kResamples = 10'000;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The quantile of sorted values, linear between them.
double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

MeanInterval bootstrapMean(std::span<const double> values, std::uint64_t seed) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  if (finite.empty()) {
    return {kUndefined, kUndefined, kUndefined, 0};
  }
  if (finite.size() == 1) {
    return {finite.front(), kUndefined, kUndefined, 1};
  }
  std::mt19937_64 random(seed);
  std::vector<double> drawn(finite.size());
  std::vector<double> means(kResamples);
  for (double& resampled : means) {
    for (double& value : drawn) {
      // The high half of a draw, scaled: as even as 32 bits are, whatever the standard library.
      value = finite[((random() >> 32U) * finite.size()) >> 32U];
    }
    resampled = mean(drawn);
  }
  std::sort(means.begin(), means.end());
  return {mean(finite), quantile(means, 0.025), quantile(means, 0.975), finite.size()};
}

}  // namespace tarn
