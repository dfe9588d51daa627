#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A float64 vector of independent standard normal numbers, the same for the same seed.
at::Tensor gaussianVector(std::int64_t length, std::uint64_t seed);

}  // namespace tarn::engine
