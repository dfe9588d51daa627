#pragma once

#include <cstdint>
#include <span>

namespace tarn {

/// A mean and what it may be off by.
struct MeanInterval {
  double mean = 0.0;
  double low = 0.0;   ///< of the 95 % interval
  double high = 0.0;  ///< of the 95 % interval
  std::size_t count = 0;
};

/// The mean of a score over several grids (directions, seeds, resolutions, batches of data), with
/// the 95 % interval between the 2.5 % and 97.5 % quantiles of the means of 10,000 resamples (the
/// percentile bootstrap; Efron 1979). The same for the same values and seed on every platform.
/// Values that are not finite are left out. One value has no interval: low and high are NaN; so is
/// everything of no value.
MeanInterval bootstrapMean(std::span<const double> values, std::uint64_t seed = 0);

}  // namespace tarn
