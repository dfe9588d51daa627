#pragma once

#include <cstdint>
#include <vector>

namespace tarn::engine {

/// The order in which an epoch (0, 1, …) visits the samples: a permutation of 0 … samples − 1 that
/// depends on nothing but the three arguments, so that runs with one seed see the same batches
/// whatever their optimizer, and a resumed run needs no history. Fisher–Yates with a 64-bit
/// Mersenne Twister; no dependence on LibTorch.
std::vector<std::int64_t> epochOrder(std::int64_t samples, std::uint64_t seed, std::int64_t epoch);

/// Batches that an epoch takes; the last one may be smaller.
std::int64_t batchesPerEpoch(std::int64_t samples, std::int64_t batchSize);

}  // namespace tarn::engine
