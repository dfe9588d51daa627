#include "topology/merge_tree/flow.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "topology/base/large_pages.h"
#include "topology/merge_tree/basins.h"

namespace tarn {
namespace {

/// The lowest of a vertex and its neighbours. `below` comes with falling ids and `above` with
/// rising ones, so that among equal values the smallest id stays.
std::int64_t lowestAround(const MaskedValues& values, std::int64_t vertex,
                          const NeighbourOffsets& offsets) {
  std::int64_t lowest = vertex;
  double least = values[vertex];
  for (const std::int64_t offset : offsets.below) {
    const double value = values[vertex + offset];
    const bool lower = value <= least;
    least = lower ? value : least;
    lowest = lower ? vertex + offset : lowest;
  }
  for (const std::int64_t offset : offsets.above) {
    const double value = values[vertex + offset];
    const bool lower = value < least;
    least = lower ? value : least;
    lowest = lower ? vertex + offset : lowest;
  }
  return lowest;
}

void sortMinima(const MaskedValues& values, std::vector<std::int32_t>& minima) {
  std::vector<std::pair<double, std::int32_t>> keys;
  keys.reserve(minima.size());
  for (const std::int32_t vertex : minima) {
    keys.emplace_back(values[vertex], vertex);
  }
  std::sort(keys.begin(), keys.end());
  std::transform(keys.begin(), keys.end(), minima.begin(),
                 [](const auto& key) { return key.second; });
}

/// While paths are resolved a finished vertex holds ~basin, which is negative; an unfinished one
/// holds the vertex it flows to.
constexpr std::int32_t kFinishedMasked = std::numeric_limits<std::int32_t>::min();

void resolvePaths(std::vector<std::int32_t>& next) {
  const auto at = [&](std::int32_t vertex) -> std::int32_t& {
    return next[static_cast<std::size_t>(vertex)];
  };
  for (std::int32_t& start : next) {
    std::int32_t end = start;
    while (end >= 0) {
      end = at(end);
    }
    std::int32_t step = start;
    start = end;
    while (step >= 0) {
      const std::int32_t following = at(step);
      at(step) = end;
      step = following;
    }
  }
  for (std::int32_t& value : next) {
    value = value == kFinishedMasked ? kMaskedVertex : ~value;
  }
}

}  // namespace

MaskedValues::MaskedValues(const ScalarGrid& grid) : span_(grid.values()) {
  const bool hasInfinity =
      grid.maskedCount() > 0 &&
      std::any_of(span_.begin(), span_.end(), [](double value) { return std::isinf(value); });
  if (!hasInfinity) {
    return;
  }
  copy_.assign(span_.begin(), span_.end());
  for (double& value : copy_) {
    if (!std::isfinite(value)) {
      value = std::numeric_limits<double>::quiet_NaN();
    }
  }
  span_ = copy_;
}

Flow lowestNeighbourFlow(const MaskedValues& values, const Neighbourhood& neighbourhood,
                         const std::stop_token& stop) {
  Flow flow;
  const auto count = static_cast<std::size_t>(neighbourhood.vertexCount());
  reserveInLargePages(flow.basin, count);
  flow.basin.resize(count);
  neighbourhood.forEachVertex(stop, [&](std::int64_t vertex, const NeighbourOffsets& offsets) {
    auto& next = flow.basin[static_cast<std::size_t>(vertex)];
    if (std::isnan(values[vertex])) {
      next = kFinishedMasked;
      return;
    }
    next = static_cast<std::int32_t>(lowestAround(values, vertex, offsets));
    if (next == vertex) {
      flow.minima.push_back(next);
    }
  });
  sortMinima(values, flow.minima);
  for (std::size_t i = 0; i < flow.minima.size(); ++i) {
    flow.basin[static_cast<std::size_t>(flow.minima[i])] = ~static_cast<std::int32_t>(i);
  }
  resolvePaths(flow.basin);
  return flow;
}

Basins basins(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop) {
  const MaskedValues values(grid);
  const Neighbourhood neighbourhood(grid.shape(), connectivity);
  Flow flow = lowestNeighbourFlow(values, neighbourhood, stop);
  return {{flow.minima.begin(), flow.minima.end()}, std::move(flow.basin)};
}

}  // namespace tarn
