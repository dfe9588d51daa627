#pragma once

#include <array>
#include <span>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// X ← aX + (bA + cA²)X with A = XXᵀ: the odd polynomial ax + bx³ + cx⁵ of every singular value.
struct Quintic {
  double a;
  double b;
  double c;

  double operator()(double x) const { return x * (a + x * x * (b + c * x * x)); }
};

/// Muon's: steep at 0 (five steps multiply a small singular value by 484.876) rather than exact at
/// 1; singular values in [0.01, 1] come out within [0.6818, 1.1344].
inline constexpr Quintic kMuonQuintic{3.4445, -4.7750, 2.0315};

/// One quintic after the other on the singular values of an m×n matrix, which should not exceed 1.
/// Works on the side that is shorter.
at::Tensor applyQuintics(const at::Tensor& matrix, std::span<const Quintic> quintics);

/// About the polar factor of an m×n matrix: Muon's quintic `steps` times on matrix/(‖matrix‖_F +
/// 1e-7). Jordan et al., github.com/KellerJordan/Muon.
at::Tensor newtonSchulz(const at::Tensor& matrix, std::int64_t steps = 5);

}  // namespace tarn::engine
