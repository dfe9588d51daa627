#pragma once

#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/model/model.h"

namespace tarn::engine {

/// The points θ + Σ cᵢ dᵢ of a model's parameter space.
class Slice {
 public:
  /// center and directions: 1-D, of one length. Throws Error(badInput) when a direction's length
  /// is another one, or it is not finite.
  Slice(const at::Tensor& center, const std::vector<at::Tensor>& directions);

  std::size_t dimension() const { return directions_.size(); }
  const std::vector<double>& direction(std::size_t axis) const { return directions_[axis]; }
  /// Moves the model there: each parameter is computed in double from θ itself and rounded once.
  void place(Model& model, std::span<const double> coefficients) const;
  /// Writes the same numbers into a contiguous vector of float32 or float64 as long as θ.
  void write(const at::Tensor& theta, std::span<const double> coefficients) const;

 private:
  std::vector<double> center_;
  std::vector<std::vector<double>> directions_;
};

}  // namespace tarn::engine
