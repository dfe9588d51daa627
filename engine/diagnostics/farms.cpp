#include "engine/diagnostics/farms.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "engine/diagnostics/power_law.h"
#include "engine/diagnostics/weight_spectrum.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t largestWindow = 100;

/// Where windows of this width begin along an axis: evenly spaced, the first at its beginning and
/// the last at its end.
std::vector<std::int64_t> windowStarts(std::int64_t length, std::int64_t width) {
  const auto count = (length + width - 1) / width;
  std::vector<std::int64_t> starts;
  for (std::int64_t i = 0; i < count; ++i) {
    starts.push_back(count == 1 ? 0 : i * (length - width) / (count - 1));
  }
  return starts;
}

void append(std::vector<double>& pool, const std::vector<double>& more) {
  pool.insert(pool.end(), more.begin(), more.end());
}

std::optional<double> pooledExponent(std::vector<double> pool, double precision) {
  std::sort(pool.begin(), pool.end());
  return hillExponent(withoutZeros(pool, precision));
}

}  // namespace

std::optional<double> farmsExponent(const at::Tensor& matrices, double precision,
                                    const std::function<void()>& pause) {
  const auto width = std::min({largestWindow, matrices.size(1), matrices.size(2)});
  if (width < static_cast<std::int64_t>(fewestEigenvalues)) {
    return std::nullopt;
  }
  std::vector<double> pool;
  double sum = 0;
  std::int64_t windows = 0;
  for (const auto row : windowStarts(matrices.size(1), width)) {
    for (const auto column : windowStarts(matrices.size(2), width)) {
      const auto window = matrices.narrow(1, row, width).narrow(2, column, width);
      append(pool, pooledEigenvalues(window, pause));
      if (matrices.size(0) > 1) {
        if (const auto alpha = pooledExponent(std::move(pool), precision)) {
          sum += *alpha;
          ++windows;
        }
        pool.clear();
      }
    }
  }
  if (matrices.size(0) == 1) {
    return pooledExponent(std::move(pool), precision);
  }
  return windows > 0 ? std::optional(sum / static_cast<double>(windows)) : std::nullopt;
}

}  // namespace tarn::engine
