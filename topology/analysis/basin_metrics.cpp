#include "topology/analysis/basin_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "topology/base/error.h"

namespace tarn {

std::vector<BasinMetric> basinMetrics(const ScalarGrid& landscape, const Basins& basins,
                                      const ScalarGrid& quantity) {
  if (landscape.shape() != quantity.shape()) {
    throw Error(ErrorCode::usage, "A quantity on another grid cannot be measured in the basins.",
                "Give one of the landscape's own shape.");
  }
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  std::vector<BasinMetric> metrics;
  for (const std::int64_t minimum : basins.minima) {
    const double there = quantity.value(minimum);
    metrics.push_back(
        {minimum, landscape.value(minimum), 0, 0, std::isfinite(there) ? there : kUndefined, 0.0,
         std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()});
  }
  const auto values = quantity.values();
  for (std::size_t vertex = 0; vertex < values.size(); ++vertex) {
    const std::int32_t index = basins.basinOfVertex[vertex];
    if (index < 0) {
      continue;
    }
    BasinMetric& metric = metrics[static_cast<std::size_t>(index)];
    ++metric.vertices;
    if (std::isfinite(values[vertex])) {
      ++metric.measured;
      metric.mean += values[vertex];
      metric.lowest = std::min(metric.lowest, values[vertex]);
      metric.highest = std::max(metric.highest, values[vertex]);
    }
  }
  for (BasinMetric& metric : metrics) {
    if (metric.measured > 0) {
      metric.mean /= static_cast<double>(metric.measured);
    } else {
      metric.mean = metric.lowest = metric.highest = kUndefined;
    }
  }
  return metrics;
}

}  // namespace tarn
