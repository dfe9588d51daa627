#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// Orthonormal float64 vectors, in blocks that are taken as they are needed.
class KrylovBasis {
 public:
  /// memoryBytes 0: no limit.
  KrylovBasis(std::int64_t length, std::uint64_t memoryBytes)
      : length_(length), memoryBytes_(memoryBytes) {}

  std::int64_t size() const { return size_; }
  /// Adds a copy. Throws Error(memory) when the limit is reached.
  void append(const at::Tensor& vector);
  at::Tensor operator[](std::int64_t index) const;
  /// vector ← (I − QQᵀ)² vector: two passes.
  void orthogonalize(at::Tensor& vector) const;
  /// Σ coefficientᵢ qᵢ over the first coefficients.size() vectors.
  at::Tensor combine(const std::vector<double>& coefficients) const;

 private:
  static constexpr std::int64_t rows = 16;

  std::int64_t length_;
  std::uint64_t memoryBytes_;
  std::int64_t size_ = 0;
  std::vector<at::Tensor> blocks_;  ///< rows × length each
};

}  // namespace tarn::engine
