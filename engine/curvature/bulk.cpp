#include "engine/curvature/bulk.h"

#include <cmath>
#include <cstddef>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// Where the largest gap lies: the number of values before it, from `first` on. `count` when all
/// that is left is rounding.
std::size_t largestGap(const std::vector<double>& values, std::size_t first, std::size_t count,
                       bool ratios) {
  std::size_t place = count;
  double largest = 1e-9 * (ratios ? 1 : values.front());
  for (std::size_t i = first; i < count; ++i) {
    const double gap = ratios ? std::log(values[i - 1] / values[i]) : values[i - 1] - values[i];
    if (gap > largest) {
      largest = gap;
      place = i;
    }
  }
  return place;
}

double mean(const std::vector<double>& values, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) {
    sum += values[i];
  }
  return sum / static_cast<double>(last - first);
}

}  // namespace

BulkMethod bulkMethodFromWord(const std::string& word) {
  for (const auto method : {BulkMethod::gap, BulkMethod::logGap, BulkMethod::classes}) {
    if (word == toString(method)) {
      return method;
    }
  }
  throw Error(ErrorCode::usage, "There is no way '" + word + "' to find the bulk of a spectrum.",
              "Choose gap, log-gap or classes.");
}

std::string toString(BulkMethod method) {
  return method == BulkMethod::gap ? "gap" : method == BulkMethod::logGap ? "log-gap" : "classes";
}

std::optional<BulkSplit> splitBulk(const std::vector<double>& eigenvalues, BulkMethod method,
                                   std::int64_t classes) {
  std::size_t count = 0;
  while (count < eigenvalues.size() && eigenvalues[count] > .01 * eigenvalues.front() &&
         eigenvalues[count] > 0) {
    ++count;
  }
  if (count < 3) {
    return std::nullopt;
  }
  const bool ratios = method == BulkMethod::logGap;
  const auto outliers = method == BulkMethod::classes ? static_cast<std::size_t>(classes)
                                                      : largestGap(eigenvalues, 1, count, ratios);
  if (outliers < 1 || outliers >= count) {
    return std::nullopt;
  }
  const auto end = largestGap(eigenvalues, outliers + 1, count, ratios);
  return BulkSplit{static_cast<std::int64_t>(outliers), eigenvalues[outliers],
                   mean(eigenvalues, 0, outliers) / mean(eigenvalues, outliers, end)};
}

}  // namespace tarn::engine
