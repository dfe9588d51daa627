#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// Orthonormal float64 vectors, in blocks that are taken as they are needed.
class KrylovBasis {
 public:
  /// At most `capacity` vectors, on a device.
  KrylovBasis(std::int64_t length, std::int64_t capacity, at::Device device = at::kCPU)
      : length_(length),
        capacity_(capacity),
        options_(at::TensorOptions().dtype(at::kDouble).device(device)) {}

  std::int64_t size() const { return size_; }
  bool full() const { return size_ == capacity_; }
  /// Adds a copy. The basis must not be full.
  void append(const at::Tensor& vector);
  at::Tensor operator[](std::int64_t index) const;
  /// vector ← (I − QQᵀ)² vector: two passes.
  void orthogonalize(at::Tensor& vector) const;
  /// Qᵀ vector: one number per vector.
  std::vector<double> project(const at::Tensor& vector) const;
  /// Q·coefficients, over the first coefficients.size() vectors.
  at::Tensor combine(const std::vector<double>& coefficients) const;
  /// Q ← the first S rows of Q, times S: S (rows × columns, float64) has orthonormal columns, as
  /// many as the new basis has vectors. In place, a strip of components at a time.
  void rotate(const at::Tensor& s);

 private:
  static constexpr std::int64_t rows = 16;

  std::int64_t length_;
  std::int64_t capacity_;
  at::TensorOptions options_;
  std::int64_t size_ = 0;
  std::vector<at::Tensor> blocks_;  ///< rows × length each
};

}  // namespace tarn::engine
