#include "engine/optim/newton_schulz.h"

#include <vector>

#include <ATen/ATen.h>

namespace tarn::engine {

at::Tensor applyQuintics(const at::Tensor& matrix, std::span<const Quintic> quintics) {
  const bool tall = matrix.size(0) > matrix.size(1);
  at::Tensor x = tall ? matrix.t() : matrix;
  for (const auto& [a, b, c] : quintics) {
    const at::Tensor gram = x.mm(x.t());
    const at::Tensor polynomial = at::addmm(gram, gram, gram, b, c);
    x = at::addmm(x, polynomial, x, a, 1);
  }
  return tall ? x.t() : x;
}

at::Tensor newtonSchulz(const at::Tensor& matrix, std::int64_t steps) {
  const std::vector<Quintic> quintics(static_cast<std::size_t>(steps), kMuonQuintic);
  return applyQuintics(matrix / (matrix.norm() + 1e-7), quintics);
}

}  // namespace tarn::engine
