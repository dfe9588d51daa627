#pragma once

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A^(1/2^roots) for a symmetric positive semidefinite A, by matrix products alone: `roots` square
/// roots, each by the coupled Newton–Schulz iteration (Higham, Functions of Matrices, 6.35) on
/// A/‖A‖_F. 24 steps find the root of eigenvalues above about 1e-7·‖A‖_F; smaller ones come
/// out too small, and all are raised by 8·eps·‖A‖_F against rounding.
at::Tensor newtonRoot(const at::Tensor& a, int roots);

}  // namespace tarn::engine
