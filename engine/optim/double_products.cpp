#include "engine/optim/double_products.h"

#include <algorithm>

#include <ATen/ATen.h>

namespace tarn::engine {

at::Tensor doubleProducts(const at::Tensor& a, const at::Tensor& b) {
  constexpr std::int64_t kColumns = 1 << 14;
  at::Tensor sum = at::zeros({a.size(0), b.size(0)}, at::kDouble);
  for (std::int64_t first = 0; first < a.size(1); first += kColumns) {
    const auto count = std::min(kColumns, a.size(1) - first);
    sum.addmm_(a.narrow(1, first, count).to(at::kDouble),
               b.narrow(1, first, count).to(at::kDouble).t());
  }
  return sum;
}

}  // namespace tarn::engine
