#include "engine/optim/newton_root.h"

#include <cfloat>
#include <cmath>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

constexpr int kSteps = 24;
/// Times eps·‖A‖_F, added to all eigenvalues: rounding must not leave one below 0, where the
/// iteration diverges.
constexpr double kRidge = 8;

at::Tensor squareRoot(const at::Tensor& a) {
  const double norm = a.norm().item<double>();
  if (norm == 0) {
    return at::zeros_like(a);
  }
  const at::Tensor identity = at::eye(a.size(0), a.options());
  const at::Tensor threeHalves = identity * 1.5;
  const double ridge = kRidge * (a.scalar_type() == at::kFloat ? FLT_EPSILON : DBL_EPSILON);
  at::Tensor y = a / norm + identity * ridge;  // → A^½
  at::Tensor z = identity;                     // → A^−½
  for (int i = 0; i < kSteps; ++i) {
    const at::Tensor t = at::addmm(threeHalves, z, y, 1, -0.5);
    y = y.mm(t);
    z = t.mm(z);
  }
  return y * std::sqrt(norm);
}

}  // namespace

at::Tensor newtonRoot(const at::Tensor& a, int roots) {
  at::Tensor root = a;
  for (int i = 0; i < roots; ++i) {
    root = squareRoot(root);
  }
  return root;
}

}  // namespace tarn::engine
