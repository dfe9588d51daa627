#pragma once

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A·Bᵀ of matrices with P columns each, of any type, summed in float64, with few columns at a time
/// so that no copy in float64 is made of all of them.
at::Tensor doubleProducts(const at::Tensor& a, const at::Tensor& b);

}  // namespace tarn::engine
