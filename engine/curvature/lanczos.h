#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A symmetric operator on float64 vectors of length n.
struct SymmetricOperator {
  std::int64_t size = 0;
  std::function<at::Tensor(const at::Tensor&)> apply;
  double precision = 1e-15;  ///< relative rounding of apply: 1e-7 for a float32 model
};

struct Eigenpairs {
  /// Descending: `top` largest, then `bottom` smallest.
  std::vector<double> values;
  /// Ritz residuals |β sₘ|, which equal ‖Hv − λv‖ up to the operator's rounding, and therefore
  /// never less than 10 · precision · largest |λ|.
  std::vector<double> residuals;
  /// Whether residual ≤ max(tolerance·|λ|, 10 · precision · largest |λ|).
  std::vector<bool> converged;
  /// Unit vectors in float64, the largest component positive.
  std::vector<at::Tensor> vectors;
  std::int64_t products = 0;
  bool interrupted = false;  ///< cut off by Error(cancelled), see LanczosOptions::keepInterrupted
};

struct LanczosOptions {
  std::int64_t top = 1;            ///< eigenpairs wanted at the upper end
  std::int64_t bottom = 0;         ///< and at the lower end
  double tolerance = 1e-3;         ///< of a pair: residual ≤ tolerance·|λ|
  std::int64_t maxProducts = 300;  ///< stop after that many, converged or not
  std::uint64_t memoryBytes = 0;   ///< for the basis and the vectors of the result; 0: no limit
  std::uint64_t seed = 0;          ///< of the starting vector
  /// Pairs of an earlier call on the same operator to go on from, with residuals; their vectors may
  /// be rounded to float32. Which pairs are wanted now need not be the same.
  const Eigenpairs* start = nullptr;
  /// When the operator or onProduct throws Error(cancelled): return the pairs as they are then
  /// rather than throw, if there has been a product.
  bool keepInterrupted = false;
  /// Called after every product with the number of products and of pairs that have converged.
  std::function<void(std::int64_t products, std::int64_t converged)> onProduct;
};

/// Eigenpairs at the ends of the spectrum by the Lanczos method in double, with two passes of full
/// reorthogonalization (Parlett, The Symmetric Eigenvalue Problem, 1998), restarted with the Ritz
/// vectors nearest to the wanted ends when the memory is used up (thick restart: Wu & Simon, SIAM
/// J. Matrix Anal. Appl. 22, 2000).
///
/// When the Krylov space closes, the method goes on from a new random vector orthogonal to it, so
/// that the further copies of a multiple eigenvalue are found, until a new vector adds nothing to
/// the wanted ends. A multiple eigenvalue whose Krylov space does not close first is reported once.
///
/// Throws Error(usage) when more pairs are wanted than there are dimensions or none is wanted,
/// Error(memory) when the limit does not even hold the wanted vectors twice and three more,
/// Error(badInput) when the pairs to start from are not pairs of this operator.
Eigenpairs lanczos(const SymmetricOperator& matrix, const LanczosOptions& options);

/// How many vectors the basis holds at most: what fits into the memory beside the wanted vectors,
/// and no more than there are dimensions.
std::int64_t basisCapacity(std::int64_t size, const LanczosOptions& options);

}  // namespace tarn::engine
