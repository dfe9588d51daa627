#include "engine/curvature/krylov_basis.h"

#include <algorithm>

#include <torch/torch.h>

namespace tarn::engine {

void KrylovBasis::append(const at::Tensor& vector) {
  if (size_ == static_cast<std::int64_t>(blocks_.size()) * rows) {
    blocks_.push_back(at::empty({std::min(rows, capacity_ - size_), length_}, options_));
  }
  blocks_[static_cast<std::size_t>(size_ / rows)][size_ % rows].copy_(vector);
  ++size_;
}

at::Tensor KrylovBasis::operator[](std::int64_t index) const {
  return blocks_[static_cast<std::size_t>(index / rows)][index % rows];
}

void KrylovBasis::orthogonalize(at::Tensor& vector) const {
  for (int pass = 0; pass < 2; ++pass) {
    for (std::int64_t first = 0; first < size_; first += rows) {
      const auto block = blocks_[static_cast<std::size_t>(first / rows)].narrow(
          0, 0, std::min(rows, size_ - first));
      vector.addmv_(block.t(), block.mv(vector), 1, -1);
    }
  }
}

std::vector<double> KrylovBasis::project(const at::Tensor& vector) const {
  std::vector<double> result;
  for (std::int64_t i = 0; i < size_; ++i) {
    result.push_back((*this)[i].dot(vector).item<double>());
  }
  return result;
}

at::Tensor KrylovBasis::combine(const std::vector<double>& coefficients) const {
  auto sum = at::zeros({length_}, options_);
  const auto count = static_cast<std::int64_t>(coefficients.size());
  const auto weights = at::tensor(coefficients, at::kDouble).to(options_.device());
  for (std::int64_t first = 0; first < count; first += rows) {
    const auto used = std::min(rows, count - first);
    const auto block = blocks_[static_cast<std::size_t>(first / rows)].narrow(0, 0, used);
    sum.addmv_(block.t(), weights.narrow(0, first, used));
  }
  return sum;
}

void KrylovBasis::rotate(const at::Tensor& s) {
  constexpr std::int64_t strip = 4096;
  const auto kept = s.size(1);
  const auto turn = s.t().to(options_.device());
  for (std::int64_t begin = 0; begin < length_; begin += strip) {
    const auto width = std::min(strip, length_ - begin);
    std::vector<at::Tensor> parts;
    for (std::int64_t first = 0; first < s.size(0); first += rows) {
      parts.push_back(blocks_[static_cast<std::size_t>(first / rows)]
                          .narrow(0, 0, std::min(rows, s.size(0) - first))
                          .narrow(1, begin, width));
    }
    const auto turned = turn.matmul(at::cat(parts));
    for (std::int64_t first = 0; first < kept; first += rows) {
      const auto used = std::min(rows, kept - first);
      blocks_[static_cast<std::size_t>(first / rows)]
          .narrow(0, 0, used)
          .narrow(1, begin, width)
          .copy_(turned.narrow(0, first, used));
    }
  }
  size_ = kept;
}

}  // namespace tarn::engine
