#include "topology/merge_tree/crossings.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <span>

#include "topology/base/error.h"
#include "topology/base/large_pages.h"
#include "topology/base/numbers.h"

namespace tarn {
namespace {

/// The lower neighbours of one vertex and their basins.
class LowerNeighbours {
 public:
  LowerNeighbours(const MaskedValues& values, const std::vector<std::int32_t>& basins)
      : values_(values), basins_(basins) {}

  /// Whether some lie in other basins than the vertex itself. Without branches on what is lower:
  /// on rough data they could not be predicted.
  bool gather(std::int64_t vertex, const NeighbourOffsets& offsets) {
    const double value = values_[vertex];
    const std::int32_t own = basins_[at(vertex)];
    const std::size_t all = offsets.below.size() + offsets.above.size();
    if (list_.size() < all) {
      list_.resize(all);
      sorted_.resize(all);
    }
    std::size_t count = 0;
    bool differ = false;
    const auto add = [&](std::int64_t offset, double there, bool isLower) {
      const std::int32_t basin = basins_[at(vertex + offset)];
      list_[count] = {there, static_cast<std::int32_t>(offset), basin};
      count += isLower ? 1 : 0;
      differ |= isLower & (basin != own);
    };
    for (const std::int64_t offset : offsets.below) {
      const double there = values_[vertex + offset];
      add(offset, there, there <= value);
    }
    for (const std::int64_t offset : offsets.above) {
      const double there = values_[vertex + offset];
      add(offset, there, there < value);
    }
    count_ = count;
    return differ;
  }

  /// Lowest first: the first one's basin is then the vertex's own.
  void sort() {
    constexpr std::size_t kFew = 12;
    const auto before = [](const Neighbour& a, const Neighbour& b) {
      return (a.value < b.value) | ((a.value == b.value) & (a.offset < b.offset));
    };
    if (count_ > kFew) {
      std::sort(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(count_), before);
      return;
    }
    // Each to the place that so many come before it: again without branches on values.
    for (std::size_t i = 0; i < count_; ++i) {
      std::size_t place = 0;
      for (std::size_t j = 0; j < count_; ++j) {
        place += before(list_[j], list_[i]) ? 1 : 0;
      }
      sorted_[place] = list_[i];
    }
    list_.swap(sorted_);
  }

  /// In the connectivity 2n, neighbours along two axes are joined below the vertex when the fourth
  /// corner of their square is lower as well: the vertex's own basin, or the lower one's, then
  /// stands for both.
  void joinAroundCorners(std::int64_t vertex) {
    for (std::size_t i = 1; i < count_; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Neighbour a = list_[i];
        const Neighbour b = list_[j];
        if (a.basin != b.basin && std::abs(a.offset) != std::abs(b.offset) &&
            values_.before(vertex + a.offset + b.offset, vertex)) {
          const bool aIsOwn = a.basin == list_[0].basin;
          replace(aIsOwn ? b.basin : a.basin, aIsOwn ? a.basin : b.basin);
        }
      }
    }
  }

  /// Appends every basin once, the last as ~basin; nothing when there is only one.
  void appendList(std::vector<std::int32_t>& lists) const {
    const auto start = static_cast<std::ptrdiff_t>(lists.size());
    for (const Neighbour& neighbour : std::span(list_).first(count_)) {
      if (std::find(lists.begin() + start, lists.end(), neighbour.basin) == lists.end()) {
        lists.push_back(neighbour.basin);
      }
    }
    if (static_cast<std::ptrdiff_t>(lists.size()) == start + 1) {
      lists.pop_back();
    } else {
      lists.back() = ~lists.back();
    }
  }

 private:
  struct Neighbour {
    double value;
    std::int32_t offset;  ///< less than the number of vertices
    std::int32_t basin;
  };

  void replace(std::int32_t basin, std::int32_t by) {
    for (Neighbour& neighbour : std::span(list_).first(count_)) {
      neighbour.basin = neighbour.basin == basin ? by : neighbour.basin;
    }
  }

  const MaskedValues& values_;
  const std::vector<std::int32_t>& basins_;
  std::vector<Neighbour> list_;    ///< the first count_ of it
  std::vector<Neighbour> sorted_;  ///< as long as list_
  std::size_t count_ = 0;
};

}  // namespace

Crossings findCrossings(const MaskedValues& values, const Flow& flow,
                        const Neighbourhood& neighbourhood, Connectivity connectivity,
                        const std::stop_token& stop) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  Crossings crossings;
  reserveInLargePages(crossings.entryOf, flow.basin.size());
  crossings.entryOf = flow.basin;
  LowerNeighbours lower(values, flow.basin);
  neighbourhood.forEachVertex(stop, [&](std::int64_t vertex, const NeighbourOffsets& offsets) {
    if (!lower.gather(vertex, offsets)) {
      return;
    }
    lower.sort();
    if (connectivity == Connectivity::axes2n) {
      lower.joinAroundCorners(vertex);
    }
    const std::size_t start = crossings.lists.size();
    lower.appendList(crossings.lists);
    if (crossings.lists.size() > kMost) {
      throw Error(ErrorCode::unsupported, "The grid has too many vertices between basins.",
                  "Take fewer steps along each axis.");
    }
    if (crossings.lists.size() > start) {
      crossings.entryOf[at(vertex)] = ~static_cast<std::int32_t>(start);
    }
  });
  return crossings;
}

}  // namespace tarn
