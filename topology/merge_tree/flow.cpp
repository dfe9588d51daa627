#include "topology/merge_tree/flow.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "topology/base/large_pages.h"
#include "topology/base/numbers.h"
#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/order.h"

namespace tarn {
namespace {

/// For vertices with the same neighbours, which of itself and its neighbours is the lowest to each.
/// Neighbour by neighbour and without branches, so that many vertices are compared at a time.
class LowestAround {
 public:
  /// `below` comes with falling ids and `above` with rising ones, so that among equal values the
  /// smallest id stays.
  void find(const MaskedValues& values, std::int64_t first, std::int64_t count,
            const NeighbourOffsets& offsets) {
    const double* own = values.span().data() + first;
    std::copy_n(own, count, least_.begin());
    std::fill_n(steps_.begin(), count, 0);
    for (const std::int64_t offset : offsets.below) {
      take(own + offset, count, offset, std::less_equal<>());
    }
    for (const std::int64_t offset : offsets.above) {
      take(own + offset, count, offset, std::less<>());
    }
  }

  /// From the i-th vertex of the run to the lowest: the difference of their ids.
  std::int64_t step(std::int64_t i) const { return steps_[at(i)]; }

 private:
  template <typename Lower>
  void take(const double* there, std::int64_t count, std::int64_t offset, Lower isLower) {
    for (std::int64_t i = 0; i < count; ++i) {
      const bool lower = isLower(there[i], least_[at(i)]);
      least_[at(i)] = lower ? there[i] : least_[at(i)];
      steps_[at(i)] = lower ? offset : steps_[at(i)];
    }
  }

  std::array<double, Neighbourhood::kLongestRun> least_{};
  std::array<std::int64_t, Neighbourhood::kLongestRun> steps_{};
};

/// They come with rising ids.
void sortMinima(const MaskedValues& values, std::vector<std::int32_t>& minima,
                const std::stop_token& stop) {
  std::vector<double> keys(minima.size());
  std::transform(minima.begin(), minima.end(), keys.begin(),
                 [&](std::int32_t vertex) { return values[vertex]; });
  std::vector<std::int32_t> sorted = sortedOrder(keys, stop);
  for (std::int32_t& place : sorted) {
    place = minima[at(place)];
  }
  minima = std::move(sorted);
}

/// While paths are resolved a finished vertex holds ~basin, which is negative; an unfinished one
/// holds the vertex it flows to.
constexpr std::int32_t kFinishedMasked = std::numeric_limits<std::int32_t>::min();

void resolvePaths(Flow& flow) {
  std::vector<std::int32_t>& next = flow.basin;
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
  // Neighbours mostly share a basin, so that counting here costs little memory traffic.
  flow.sizes.assign(flow.minima.size(), 0);
  for (std::int32_t& value : next) {
    if (value == kFinishedMasked) {
      value = kMaskedVertex;
    } else {
      value = ~value;
      ++flow.sizes[static_cast<std::size_t>(value)];
    }
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
  LowestAround lowest;
  neighbourhood.forEachRun(
      stop, [&](std::int64_t first, std::int64_t length, const NeighbourOffsets& offsets) {
        lowest.find(values, first, length, offsets);
        for (std::int64_t i = 0; i < length; ++i) {
          const auto vertex = static_cast<std::int32_t>(first + i);
          std::int32_t& next = flow.basin[at(vertex)];
          next = static_cast<std::int32_t>(vertex + lowest.step(i));
          if (next == vertex) {
            if (std::isnan(values[vertex])) {
              next = kFinishedMasked;
            } else {
              flow.minima.push_back(vertex);
            }
          }
        }
      });
  sortMinima(values, flow.minima, stop);
  for (std::size_t i = 0; i < flow.minima.size(); ++i) {
    flow.basin[static_cast<std::size_t>(flow.minima[i])] = ~static_cast<std::int32_t>(i);
  }
  resolvePaths(flow);
  return flow;
}

Basins basins(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop) {
  const MaskedValues values(grid);
  const Neighbourhood neighbourhood(grid.shape(), connectivity);
  Flow flow = lowestNeighbourFlow(values, neighbourhood, stop);
  return {{flow.minima.begin(), flow.minima.end()}, std::move(flow.basin)};
}

}  // namespace tarn
