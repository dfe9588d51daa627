#include "engine/curvature/random_vector.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

namespace tarn::engine {

at::Tensor gaussianVector(std::int64_t length, std::uint64_t seed) {
  return at::randn({length}, at::detail::createCPUGenerator(seed),
                   at::TensorOptions().dtype(at::kDouble));
}

}  // namespace tarn::engine
