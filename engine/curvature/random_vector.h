#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A float64 vector of independent standard normal numbers, the same for the same seed on every
/// device.
at::Tensor gaussianVector(std::int64_t length, std::uint64_t seed, at::Device device = at::kCPU);
/// A float64 vector of independent fair signs ±1 (Rademacher), likewise.
at::Tensor signVector(std::int64_t length, std::uint64_t seed, at::Device device = at::kCPU);

/// What random vectors are drawn for: draws of one seed for two purposes are independent.
enum class Draw : std::uint64_t { trace = 1, layers, density, splits, batches };

/// The seed of the index-th draw for a purpose: 32 bits, because generators look at no more.
std::uint64_t drawSeed(std::uint64_t seed, Draw purpose, std::uint64_t index);

}  // namespace tarn::engine
