#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// `rounds` times: every row of an m×n matrix is scaled to norm √n, then every column to norm √m.
/// Rows and columns of zeros stay so.
at::Tensor sinkhorn(const at::Tensor& matrix, std::int64_t rounds = 5);

}  // namespace tarn::engine
