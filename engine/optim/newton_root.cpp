#include "engine/optim/newton_root.h"

#include <cmath>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

constexpr int kSteps = 20;

at::Tensor squareRoot(const at::Tensor& a) {
  const double norm = a.norm().item<double>();
  if (norm == 0) {
    return at::zeros_like(a);
  }
  const at::Tensor threeHalves = at::eye(a.size(0), a.options()) * 1.5;
  at::Tensor y = a / norm;                         // → A^½
  at::Tensor z = at::eye(a.size(0), a.options());  // → A^−½
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
