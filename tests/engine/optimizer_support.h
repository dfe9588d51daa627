#pragma once

#include <torch/torch.h>

#include "engine/model/parameter_space.h"

namespace tarn::test {

/// Parameters of every sort, in double precision: a first layer, a wide and a tall matrix, a
/// convolution's kernel, a head, and vectors.
inline engine::ParameterSpace mixedSpace() {
  torch::manual_seed(23);
  const auto random = [](at::IntArrayRef shape) { return torch::randn(shape, torch::kDouble); };
  return engine::ParameterSpace({{"first.weight", random({4, 3})},
                                 {"first.bias", random({4})},
                                 {"wide.weight", random({3, 5})},
                                 {"kernel.weight", random({4, 2, 3, 3})},
                                 {"norm.weight", random({4})},
                                 {"norm.bias", random({4})},
                                 {"tall.weight", random({6, 2})},
                                 {"head.weight", random({3, 4})},
                                 {"head.bias", random({3})}});
}

/// A loss that is neither quadratic nor convex, of a flat θ.
inline at::Tensor lossOf(const at::Tensor& theta) {
  const at::Tensor scale = torch::linspace(0.1, 8, theta.numel(), theta.detach().options());
  return (scale * theta.sin().square()).sum() + 0.05 * theta.square().sum();
}

/// Its gradient.
inline at::Tensor slopeOf(const at::Tensor& theta) {
  const at::Tensor scale = torch::linspace(0.1, 8, theta.numel(), theta.options());
  return scale * torch::sin(2 * theta) + 0.1 * theta;
}

/// The largest size of an entry.
inline double largest(const at::Tensor& values) {
  return values.abs().max().item<double>();
}

/// P·Qᵀ of the singular value decomposition P·S·Qᵀ.
inline at::Tensor exactPolar(const at::Tensor& matrix) {
  const auto [u, s, vh] = at::linalg_svd(matrix, false);
  return u.mm(vh);
}

}  // namespace tarn::test
