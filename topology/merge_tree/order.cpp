#include "topology/merge_tree/order.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "topology/base/large_pages.h"
#include "topology/base/numbers.h"
#include "topology/base/stop.h"

namespace tarn {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr unsigned kDigits = 3;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;

/// A vertex with the place of its value between the least and the greatest, from 0 to 2³² − 1.
struct Record {
  std::uint32_t place;
  std::int32_t vertex;
};

std::size_t digitOf(const Record& record, unsigned digit) {
  return record.place >> digit * kDigitBits & (kBuckets - 1);
}

/// Sorts vertices by (value, id). What can be told apart by 32 bits of its value, spread over the
/// range there is, is sorted digit by digit; what cannot is sorted again, over its own range.
class VertexSort {
 public:
  VertexSort(std::span<const double> values, const std::stop_token& stop)
      : values_(values), stop_(stop) {
    reserveInLargePages(records_, values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) {
        records_.push_back({0, static_cast<std::int32_t>(i)});
      }
    }
    reserveInLargePages(spare_, records_.size());
    spare_.resize(records_.size());
  }

  std::vector<std::int32_t> run() {
    sort(0, records_.size(), kLevels);
    std::vector<Record>().swap(spare_);
    std::vector<std::int32_t> order;
    order.reserve(records_.size());
    for (const Record& record : records_) {
      order.push_back(record.vertex);
    }
    return order;
  }

 private:
  static constexpr int kLevels = 3;
  static constexpr std::size_t kShortRun = 4 * kBuckets;
  using Counts = std::array<std::array<std::size_t, kBuckets>, kDigits>;

  double valueOf(const Record& record) const { return values_[at(record.vertex)]; }

  /// The records [first, last) come with rising ids and hold no places yet.
  void sort(std::size_t first, std::size_t last, int levels) {
    throwIfStopped(stop_, "the tree");
    double least = std::numeric_limits<double>::infinity();
    double greatest = -least;
    for (std::size_t i = first; i < last; ++i) {
      least = std::min(least, valueOf(records_[i]));
      greatest = std::max(greatest, valueOf(records_[i]));
    }
    if (!(least < greatest)) {
      return;
    }
    // Subtraction, product and truncation are monotone, so that places never contradict values.
    const double scale = std::numeric_limits<std::uint32_t>::max() / (greatest - least);
    if (levels == 0 || scale == 0 || !std::isfinite(scale)) {
      sortByComparison(first, last);
      return;
    }
    Counts counts{};
    for (std::size_t i = first; i < last; ++i) {
      records_[i].place = static_cast<std::uint32_t>((valueOf(records_[i]) - least) * scale);
      for (unsigned digit = 0; digit < kDigits; ++digit) {
        ++counts[digit][digitOf(records_[i], digit)];
      }
    }
    sortByPlaces(first, last, counts);
    sortRuns(first, last, levels);
  }

  /// From the least digit up; every pass keeps the order of the one before, the first that of ids.
  void sortByPlaces(std::size_t first, std::size_t last, const Counts& counts) {
    for (unsigned digit = 0; digit < kDigits; ++digit) {
      throwIfStopped(stop_, "the tree");
      std::array<std::size_t, kBuckets> next{};
      next[0] = first;
      for (std::size_t bucket = 1; bucket < kBuckets; ++bucket) {
        next[bucket] = next[bucket - 1] + counts[digit][bucket - 1];
      }
      for (std::size_t i = first; i < last; ++i) {
        spare_[next[digitOf(records_[i], digit)]++] = records_[i];
      }
      if (last - first == records_.size()) {
        records_.swap(spare_);
      } else {
        std::copy(spare_.begin() + offset(first), spare_.begin() + offset(last),
                  records_.begin() + offset(first));
      }
    }
  }

  /// Sorts what has the same place.
  void sortRuns(std::size_t first, std::size_t last, int levels) {
    for (std::size_t start = first; start < last;) {
      std::size_t end = start + 1;
      while (end < last && records_[end].place == records_[start].place) {
        ++end;
      }
      if (end - start > kShortRun) {
        sort(start, end, levels - 1);
      } else if (end - start > 1) {
        sortByComparison(start, end);
      }
      start = end;
    }
  }

  void sortByComparison(std::size_t first, std::size_t last) {
    keys_.clear();
    for (std::size_t i = first; i < last; ++i) {
      keys_.emplace_back(valueOf(records_[i]), records_[i].vertex);
    }
    std::sort(keys_.begin(), keys_.end());
    for (std::size_t i = first; i < last; ++i) {
      records_[i].vertex = keys_[i - first].second;
    }
  }

  static std::ptrdiff_t offset(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

  std::span<const double> values_;
  const std::stop_token& stop_;
  std::vector<Record> records_;
  std::vector<Record> spare_;
  std::vector<std::pair<double, std::int32_t>> keys_;
};

}  // namespace

std::vector<std::int32_t> sortedOrder(std::span<const double> values, const std::stop_token& stop) {
  return VertexSort(values, stop).run();
}

}  // namespace tarn
