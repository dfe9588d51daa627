#include "engine/optim/qdwh.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"

namespace tarn::engine {
namespace {

/// Above this weight, I + cXᵀX is too ill-conditioned for Cholesky.
constexpr double kNeedsQr = 100;

at::Tensor halleyStep(const at::Tensor& x, const HalleyWeights& weights) {
  const auto& [a, b, c, lower] = weights;
  const std::int64_t m = x.size(0);
  const std::int64_t n = x.size(1);
  const at::Tensor identity = at::eye(n, x.options());
  if (c > kNeedsQr) {
    const at::Tensor q = thinQr(at::cat({x * std::sqrt(c), identity})).q;
    const at::Tensor correction = q.narrow(0, 0, m).mm(q.narrow(0, m, n).t());
    return x * (b / c) + correction * ((a - b / c) / std::sqrt(c));
  }
  return x * (b / c) + timesInverse(x, at::addmm(identity, x.t(), x, 1, c)) * (a - b / c);
}

}  // namespace

HalleyWeights halleyWeights(double lower) {
  const double square = lower * lower;
  const double d = std::cbrt(4 * std::max(0.0, 1 - square) / (square * square));
  const double root = std::sqrt(1 + d);
  const double a = root + 0.5 * std::sqrt(8 - 4 * d + 8 * (2 - square) / (square * root));
  const double b = (a - 1) * (a - 1) / 4;
  const double c = a + b - 1;
  return {a, b, c, std::min(1.0, lower * (a + b * square) / (1 + c * square))};
}

int halleySteps(double lower) {
  int steps = 0;
  for (; 1 - lower > 1e-15; ++steps) {
    lower = halleyWeights(lower).lower;
  }
  return steps;
}

at::Tensor qdwh(const at::Tensor& matrix, std::int64_t steps, double lower) {
  const bool wide = matrix.size(0) < matrix.size(1);
  at::Tensor x = wide ? matrix.t() : matrix;
  const at::Tensor sizes = x.abs();
  const at::Tensor bound = sizes.sum(0).amax().sqrt() * sizes.sum(1).amax().sqrt();
  if (bound.item<double>() == 0) {
    return at::zeros_like(matrix);
  }
  x = x / bound;
  for (std::int64_t i = 0; i < steps; ++i) {
    const HalleyWeights weights = halleyWeights(lower);
    x = halleyStep(x, weights);
    lower = weights.lower;
  }
  return wide ? x.t() : x;
}

}  // namespace tarn::engine
