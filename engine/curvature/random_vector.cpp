#include "engine/curvature/random_vector.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

namespace tarn::engine {
namespace {

/// Spreads a counter over 64 bits (the finalizer of SplitMix64, Steele et al., 2014).
std::uint64_t spread(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

}  // namespace

at::Tensor gaussianVector(std::int64_t length, std::uint64_t seed, at::Device device) {
  return at::randn({length}, at::detail::createCPUGenerator(seed),
                   at::TensorOptions().dtype(at::kDouble))
      .to(device);
}

at::Tensor signVector(std::int64_t length, std::uint64_t seed, at::Device device) {
  return at::randint(2, {length}, at::detail::createCPUGenerator(seed),
                     at::TensorOptions().dtype(at::kDouble))
      .mul_(2)
      .sub_(1)
      .to(device);
}

std::uint64_t drawSeed(std::uint64_t seed, Draw purpose, std::uint64_t index) {
  return spread(spread(spread(seed) + static_cast<std::uint64_t>(purpose)) + index) >> 32U;
}

}  // namespace tarn::engine
