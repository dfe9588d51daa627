#pragma once

#include <ATen/core/Tensor.h>

namespace tarn::engine {

// Factorizations of matrices in their own dtype. Where the numbers of a matrix are not all finite,
// LAPACK would fail; here all numbers of the result are NaN then, as in arithmetic, so that a run
// that diverges ends as one.

struct Svd {
  at::Tensor u;  ///< m×k, k = min(m, n)
  at::Tensor s;  ///< k, descending
  at::Tensor v;  ///< n×k
};
Svd thinSvd(const at::Tensor& matrix);

struct SymmetricEigen {
  at::Tensor values;   ///< n, ascending
  at::Tensor vectors;  ///< n×n, in columns
};
SymmetricEigen symmetricEigen(const at::Tensor& matrix);

struct Qr {
  at::Tensor q;  ///< m×k
  at::Tensor r;  ///< k×n
};
Qr thinQr(const at::Tensor& matrix);

/// B·A⁻¹ for a symmetric positive definite A, by Cholesky.
at::Tensor timesInverse(const at::Tensor& b, const at::Tensor& a);

/// A^power for a symmetric positive semidefinite A; eigenvalues below floor·(the largest) count as
/// that.
at::Tensor symmetricPower(const at::Tensor& a, double power, double floor);

}  // namespace tarn::engine
