#include "topology/merge_tree/crossings.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <numeric>

#include "topology/base/error.h"
#include "topology/base/large_pages.h"
#include "topology/base/numbers.h"

namespace tarn {
namespace {

/// Whether lower neighbours lie in other basins than the vertex itself, for vertices with the same
/// neighbours. Neighbour by neighbour and without branches: on rough data what is lower could not
/// be predicted.
class OtherBasins {
 public:
  void find(const MaskedValues& values, const std::vector<std::int32_t>& basins, std::int64_t first,
            std::int64_t count, const NeighbourOffsets& offsets) {
    values_ = values.span().data() + first;
    basins_ = basins.data() + first;
    std::fill_n(found_.begin(), count, 0);
    for (const std::int64_t offset : offsets.below) {
      take(count, offset, std::less_equal<>());
    }
    for (const std::int64_t offset : offsets.above) {
      take(count, offset, std::less<>());
    }
  }

  bool at(std::int64_t i) const { return found_[tarn::at(i)] != 0; }

  /// Leaves out the vertices whose lower neighbours are all joined to those of their own basin
  /// around corners that are lower than the vertex: nearly all of those that have one group only.
  /// In the connectivity 2n, after find(); worth it where many were found.
  void leaveOutJoined(std::int64_t count, const NeighbourOffsets& offsets) {
    std::vector<std::int64_t> neighbours = offsets.below;
    neighbours.insert(neighbours.end(), offsets.above.begin(), offsets.above.end());
    if (neighbours.size() > kMostBits) {
      return;
    }
    std::fill_n(lower_.begin(), count, 0U);
    std::fill_n(joined_.begin(), count, 0U);
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      const std::uint32_t bit = std::uint32_t{1} << i;
      neighbours[i] < 0 ? note(count, neighbours[i], bit, std::less_equal<>())
                        : note(count, neighbours[i], bit, std::less<>());
    }
    for (int pass = 0; pass < kPasses; ++pass) {
      for (std::size_t i = 0; i < neighbours.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (std::abs(neighbours[i]) == std::abs(neighbours[j])) {
            continue;
          }
          const std::int64_t corner = neighbours[i] + neighbours[j];
          const std::uint32_t bits = std::uint32_t{1} << i | std::uint32_t{1} << j;
          corner < 0 ? join(count, corner, bits, std::less_equal<>())
                     : join(count, corner, bits, std::less<>());
        }
      }
    }
    for (std::int64_t i = 0; i < count; ++i) {
      found_[tarn::at(i)] &= lower_[tarn::at(i)] != joined_[tarn::at(i)] ? 1 : 0;
    }
  }

  std::int64_t howMany(std::int64_t count) const {
    return std::accumulate(found_.begin(), found_.begin() + count, std::int64_t{0});
  }

 private:
  using Masks = std::array<std::uint32_t, Neighbourhood::kLongestRun>;
  static constexpr std::size_t kMostBits = 32;
  static constexpr int kPasses = 2;  ///< a chain of corners is rarely longer

  template <typename Lower>
  void note(std::int64_t count, std::int64_t offset, std::uint32_t bit, Lower isLower) {
    const double* there = values_ + offset;
    const std::int32_t* basinThere = basins_ + offset;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::uint32_t lower = isLower(there[i], values_[i]) ? bit : 0;
      lower_[tarn::at(i)] |= lower;
      joined_[tarn::at(i)] |= basinThere[i] == basins_[i] ? lower : 0;
    }
  }

  template <typename Lower>
  void join(std::int64_t count, std::int64_t corner, std::uint32_t bits, Lower isLower) {
    const double* there = values_ + corner;
    for (std::int64_t i = 0; i < count; ++i) {
      around_[tarn::at(i)] = isLower(there[i], values_[i]) ? bits : 0;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      const std::uint32_t both = lower_[tarn::at(i)] & around_[tarn::at(i)];
      joined_[tarn::at(i)] |= (both & joined_[tarn::at(i)]) != 0 ? both : 0;
    }
  }

  template <typename Lower>
  void take(std::int64_t count, std::int64_t offset, Lower isLower) {
    const double* there = values_ + offset;
    const std::int32_t* basinThere = basins_ + offset;
    for (std::int64_t i = 0; i < count; ++i) {
      const bool other = isLower(there[i], values_[i]) & (basinThere[i] != basins_[i]);
      found_[tarn::at(i)] |= other ? 1 : 0;
    }
  }

  const double* values_ = nullptr;
  const std::int32_t* basins_ = nullptr;
  std::array<std::int32_t, Neighbourhood::kLongestRun> found_{};
  Masks lower_{};   ///< bit i: the i-th neighbour is lower
  Masks around_{};  ///< the two neighbours beside a corner that is lower, else 0
  Masks joined_{};  ///< bit i: it is, and joined to those of the vertex's own basin
};

/// The lower neighbours of one vertex, in groups that are connected below it.
class LowerNeighbours {
 public:
  LowerNeighbours(const MaskedValues& values, const std::vector<std::int32_t>& basins,
                  Connectivity connectivity)
      : values_(values),
        basins_(basins),
        joinedAroundCorners_(connectivity == Connectivity::axes2n) {}

  /// Appends the basins that meet at a vertex, each once, the last as ~basin: its own, then for
  /// every other group of neighbours that of the lowest, lowest first. Nothing when there is only
  /// one group.
  void appendMeeting(std::int64_t vertex, const NeighbourOffsets& offsets,
                     std::vector<std::int32_t>& lists) {
    gather(vertex, offsets);
    const std::int32_t own = basins_[at(vertex)];
    const auto isOwn = [own](const Neighbour& neighbour) { return neighbour.basin == own; };
    auto group = std::partition(list_.begin(), list_.end(), isOwn);
    group = growGroup(vertex, list_.begin(), group);
    if (group == list_.end()) {
      return;
    }
    lists.push_back(own);
    if (list_.end() - group > 1) {
      std::sort(group, list_.end(), [&](const Neighbour& a, const Neighbour& b) {
        return values_.before(vertex + a.offset, vertex + b.offset);
      });
    }
    while (group != list_.end()) {
      lists.push_back(group->basin);
      group = growGroup(vertex, group, group + 1);
    }
    lists.back() = ~lists.back();
  }

 private:
  struct Neighbour {
    std::int32_t offset;  ///< less than the number of vertices
    std::int32_t basin;
  };
  using Place = std::vector<Neighbour>::iterator;

  void gather(std::int64_t vertex, const NeighbourOffsets& offsets) {
    const double value = values_[vertex];
    list_.resize(offsets.below.size() + offsets.above.size());
    std::size_t count = 0;
    const auto add = [&](std::int64_t offset, bool isLower) {
      list_[count] = {static_cast<std::int32_t>(offset), basins_[at(vertex + offset)]};
      count += isLower ? 1 : 0;
    };
    for (const std::int64_t offset : offsets.below) {
      add(offset, values_[vertex + offset] <= value);
    }
    for (const std::int64_t offset : offsets.above) {
      add(offset, values_[vertex + offset] < value);
    }
    list_.resize(count);
  }

  /// The group [first, last) with all of the neighbours behind it that are connected to it, which
  /// move up to it and leave the others in their order; returns its new end.
  Place growGroup(std::int64_t vertex, Place first, Place last) {
    for (Place member = first; member != last && last != list_.end(); ++member) {
      for (Place other = last; other != list_.end(); ++other) {
        if (connected(vertex, *member, *other)) {
          std::rotate(last, other, other + 1);
          ++last;
        }
      }
    }
    return last;
  }

  /// By their basin or, in the connectivity 2n, along two axes around the fourth corner of their
  /// square when that is lower than the vertex as well.
  bool connected(std::int64_t vertex, const Neighbour& a, const Neighbour& b) const {
    return a.basin == b.basin ||
           (joinedAroundCorners_ && std::abs(a.offset) != std::abs(b.offset) &&
            values_.before(vertex + a.offset + b.offset, vertex));
  }

  const MaskedValues& values_;
  const std::vector<std::int32_t>& basins_;
  bool joinedAroundCorners_;
  std::vector<Neighbour> list_;
};

}  // namespace

Crossings findCrossings(const MaskedValues& values, const Flow& flow,
                        const Neighbourhood& neighbourhood, Connectivity connectivity,
                        const std::stop_token& stop) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  constexpr std::int64_t kManyFound = 4;  // one of so many: all are then looked at together
  Crossings crossings;
  reserveInLargePages(crossings.entryOf, flow.basin.size());
  crossings.entryOf = flow.basin;
  OtherBasins others;
  LowerNeighbours lower(values, flow.basin, connectivity);
  neighbourhood.forEachRun(
      stop, [&](std::int64_t first, std::int64_t count, const NeighbourOffsets& offsets) {
        others.find(values, flow.basin, first, count, offsets);
        if (connectivity == Connectivity::axes2n && kManyFound * others.howMany(count) > count) {
          others.leaveOutJoined(count, offsets);
        }
        for (std::int64_t i = 0; i < count; ++i) {
          if (!others.at(i)) {
            continue;
          }
          const std::size_t start = crossings.lists.size();
          lower.appendMeeting(first + i, offsets, crossings.lists);
          if (crossings.lists.size() > kMost) {
            throw Error(ErrorCode::unsupported, "The grid has too many vertices between basins.",
                        "Take fewer steps along each axis.");
          }
          if (crossings.lists.size() > start) {
            crossings.entryOf[at(first + i)] = ~static_cast<std::int32_t>(start);
          }
        }
      });
  return crossings;
}

}  // namespace tarn
