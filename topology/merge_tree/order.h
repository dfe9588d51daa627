#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace tarn {

/// The indices of all values that are not NaN, sorted by (value, index). Radix sort, 16 bytes a
/// value while it runs. At most 2³¹ values. Throws Error(cancelled).
std::vector<std::int32_t> sortedOrder(std::span<const double> values, const std::stop_token& stop);

}  // namespace tarn
