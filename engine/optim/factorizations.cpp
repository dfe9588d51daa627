#include "engine/optim/factorizations.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

bool allFinite(const at::Tensor& matrix) {
  return at::isfinite(matrix).all().item<bool>();
}

at::Tensor undefined(const at::Tensor& like, at::IntArrayRef shape) {
  return at::full(shape, std::numeric_limits<double>::quiet_NaN(), like.options());
}

}  // namespace

Svd thinSvd(const at::Tensor& matrix) {
  const std::int64_t m = matrix.size(0);
  const std::int64_t n = matrix.size(1);
  if (!allFinite(matrix)) {
    const std::int64_t k = std::min(m, n);
    return {undefined(matrix, {m, k}), undefined(matrix, {k}), undefined(matrix, {n, k})};
  }
  const auto [u, s, vh] = at::linalg_svd(matrix, /*full_matrices=*/false);
  return {u, s, vh.t()};
}

SymmetricEigen symmetricEigen(const at::Tensor& matrix) {
  if (!allFinite(matrix)) {
    return {undefined(matrix, {matrix.size(0)}), undefined(matrix, matrix.sizes())};
  }
  const auto [values, vectors] = at::linalg_eigh(matrix);
  return {values, vectors};
}

Qr thinQr(const at::Tensor& matrix) {
  const auto [q, r] = at::linalg_qr(matrix);
  return {q, r};
}

at::Tensor timesInverse(const at::Tensor& b, const at::Tensor& a) {
  if (!allFinite(a)) {
    return undefined(b, b.sizes());
  }
  return at::cholesky_solve(b.t(), at::linalg_cholesky(a)).t();
}

at::Tensor symmetricPower(const at::Tensor& a, double power, double floor) {
  const auto [values, vectors] = symmetricEigen(a);
  const at::Tensor floored = at::maximum(values, values.amax() * floor);
  return (vectors * floored.pow(power)).mm(vectors.t());
}

}  // namespace tarn::engine
