#include "engine/optim/sinkhorn.h"

#include <cmath>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

/// The matrix with all norms along one axis made the root of that axis's length.
at::Tensor evened(const at::Tensor& matrix, std::int64_t axis) {
  const at::Tensor norms = matrix.norm(2, {axis}, /*keepdim=*/true);
  const double target = std::sqrt(static_cast<double>(matrix.size(axis)));
  return matrix * (target / norms.masked_fill(norms == 0, 1));
}

}  // namespace

at::Tensor sinkhorn(const at::Tensor& matrix, std::int64_t rounds) {
  at::Tensor result = matrix;
  for (std::int64_t i = 0; i < rounds; ++i) {
    result = evened(evened(result, 1), 0);
  }
  return result;
}

}  // namespace tarn::engine
