#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace tarn::engine {

// The exponent α of a density that falls like λ^−α in its tail. Both estimates take positive
// eigenvalues in ascending order, depend on their ratios alone, and have none for fewer than
// `fewestEigenvalues` of them or for a tail of equal ones.

inline constexpr std::size_t fewestEigenvalues = 10;

/// Hill's estimate (Ann. Stat. 3, 1975) from the upper half of the spectrum, i = ⌊N/2⌋:
/// α = 1 + (N − i) / Σ_{j≥i} ln(λ_j/λ_i), as PL_Alpha_Hill in arXiv 2312.00359. With an exact power
/// law its standard error is about (α − 1)/√(N − i).
std::optional<double> hillExponent(std::span<const double> ascending);

/// A power law that begins at one of the eigenvalues.
struct TailFit {
  double alpha = 0;
  double distance = 0;  ///< Kolmogorov–Smirnov distance of tail and law
  double minimum = 0;   ///< λ_i, where the tail begins
};

/// The fit of Clauset, Shalizi and Newman (SIAM Rev. 51, 2009): for every i the exponent is Hill's,
/// and the i with the least distance max_j |1 − (λ_j/λ_i)^(1−α) − (j−i)/(N−i)| is taken. `pause` is
/// called now and then and may throw.
std::optional<TailFit> fitTail(std::span<const double> ascending,
                               const std::function<void()>& pause = {});

}  // namespace tarn::engine
