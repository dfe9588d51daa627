#include "topology/merge_tree/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <utility>

#include "topology/base/large_pages.h"
#include "topology/base/stop.h"

namespace tarn {
namespace {

constexpr unsigned kDigits = 8;
constexpr unsigned kFirstDigit = 3;  ///< the lower 24 bits rarely decide: left to a last look
constexpr unsigned kDigitBits = 8;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;

/// 12 bytes, where a 64-bit key would be padded to 16.
struct Record {
  std::uint32_t low;
  std::uint32_t high;
  std::int32_t index;
};

/// Unsigned integers in the order of the doubles: the sign bit flipped, negative numbers inverted.
/// Adding 0 makes one zero of both.
std::uint64_t orderedBits(double value) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

std::size_t digitOf(const Record& record, unsigned digit) {
  const std::uint32_t half = digit < kDigits / 2 ? record.low : record.high;
  return half >> (digit % (kDigits / 2) * kDigitBits) & (kBuckets - 1);
}

bool comesBefore(const Record& a, const Record& b) {
  if (a.high != b.high) {
    return a.high < b.high;
  }
  return a.low != b.low ? a.low < b.low : a.index < b.index;
}

/// Sorts runs of records that are alike in all digits looked at so far.
void sortRuns(std::vector<Record>& records) {
  constexpr std::uint32_t kSeen = ~std::uint32_t{0} << kFirstDigit * kDigitBits;
  const auto alike = [](const Record& a, const Record& b) {
    return a.high == b.high && (a.low & kSeen) == (b.low & kSeen);
  };
  for (auto first = records.begin(); first != records.end();) {
    auto last = first + 1;
    bool sorted = true;
    for (; last != records.end() && alike(*first, *last); ++last) {
      sorted = sorted && comesBefore(*(last - 1), *last);
    }
    if (!sorted) {
      std::sort(first, last, comesBefore);
    }
    first = last;
  }
}

using Counts = std::array<std::array<std::size_t, kBuckets>, kDigits>;

}  // namespace

std::vector<std::int32_t> sortedOrder(std::span<const double> values, const std::stop_token& stop) {
  std::vector<Record> records;
  reserveInLargePages(records, values.size());
  Counts counts{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      continue;
    }
    const std::uint64_t key = orderedBits(values[i]);
    records.push_back({static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32U),
                       static_cast<std::int32_t>(i)});
    for (unsigned digit = kFirstDigit; digit < kDigits; ++digit) {
      ++counts[digit][digitOf(records.back(), digit)];
    }
  }
  // From the least digit up; every pass keeps the order of the one before, the first that of
  // indices.
  std::vector<Record> spare;
  reserveInLargePages(spare, records.size());
  spare.resize(records.size());
  for (unsigned digit = kFirstDigit; digit < kDigits && !records.empty(); ++digit) {
    throwIfStopped(stop, "the tree");
    if (counts[digit][digitOf(records[0], digit)] == records.size()) {
      continue;
    }
    std::array<std::size_t, kBuckets> next{};
    for (std::size_t bucket = 1; bucket < kBuckets; ++bucket) {
      next[bucket] = next[bucket - 1] + counts[digit][bucket - 1];
    }
    for (const Record& record : records) {
      spare[next[digitOf(record, digit)]++] = record;
    }
    records.swap(spare);
  }
  std::vector<Record>().swap(spare);
  sortRuns(records);
  std::vector<std::int32_t> order;
  order.reserve(records.size());
  for (const Record& record : records) {
    order.push_back(record.index);
  }
  return order;
}

}  // namespace tarn
