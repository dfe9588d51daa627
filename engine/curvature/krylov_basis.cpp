#include "engine/curvature/krylov_basis.h"

#include <algorithm>
#include <string>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {

void KrylovBasis::append(const at::Tensor& vector) {
  if (size_ == static_cast<std::int64_t>(blocks_.size()) * rows) {
    const auto bytes = static_cast<std::uint64_t>(size_ + rows) *
                       static_cast<std::uint64_t>(length_) * sizeof(double);
    if (memoryBytes_ > 0 && bytes > memoryBytes_) {
      throw Error(ErrorCode::memory,
                  "The eigenvectors' basis of " + std::to_string(size_ + rows) + " vectors with " +
                      std::to_string(length_) + " numbers needs " + std::to_string(bytes >> 20U) +
                      " MiB; " + std::to_string(memoryBytes_ >> 20U) + " MiB are allowed.",
                  "Allow more memory, or ask for fewer eigenpairs or a larger tolerance.");
    }
    blocks_.push_back(at::empty({rows, length_}, at::kDouble));
  }
  blocks_.back()[size_ % rows].copy_(vector);
  ++size_;
}

at::Tensor KrylovBasis::operator[](std::int64_t index) const {
  return blocks_[static_cast<std::size_t>(index / rows)][index % rows];
}

void KrylovBasis::orthogonalize(at::Tensor& vector) const {
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const auto filled = std::min(rows, size_ - static_cast<std::int64_t>(i) * rows);
      const auto block = blocks_[i].narrow(0, 0, filled);
      vector.addmv_(block.t(), block.mv(vector), 1, -1);
    }
  }
}

at::Tensor KrylovBasis::combine(const std::vector<double>& coefficients) const {
  auto sum = at::zeros({length_}, at::kDouble);
  const auto count = static_cast<std::int64_t>(coefficients.size());
  const auto weights = at::tensor(coefficients, at::kDouble);
  for (std::int64_t first = 0; first < count; first += rows) {
    const auto used = std::min(rows, count - first);
    const auto block = blocks_[static_cast<std::size_t>(first / rows)].narrow(0, 0, used);
    sum.addmv_(block.t(), weights.narrow(0, first, used));
  }
  return sum;
}

}  // namespace tarn::engine
