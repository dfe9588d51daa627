#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// The weights of one step of the dynamically weighted Halley iteration, σ ← σ(a + bσ²)/(1 + cσ²),
/// best for singular values in [lower, 1], and the lower bound after it.
struct HalleyWeights {
  double a;
  double b;
  double c;
  double lower;
};
HalleyWeights halleyWeights(double lower);

/// The steps until a lower bound has become 1 to the last digits of a double.
int halleySteps(double lower);

inline constexpr std::int64_t kQdwhSteps = 6;
inline constexpr double kQdwhLower = 1e-8;

/// The polar factor of an m×n matrix by the QR-based dynamically weighted Halley iteration
/// (Nakatsukasa, Bai and Gygi 2010): exact to rounding where no singular value is below
/// `lower`·√(‖A‖₁‖A‖_∞), and 0 for the matrix 0.
at::Tensor qdwh(const at::Tensor& matrix, std::int64_t steps = kQdwhSteps,
                double lower = kQdwhLower);

}  // namespace tarn::engine
