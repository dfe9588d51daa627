#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A symmetric operator on float64 vectors of length n, which lie on one device.
struct SymmetricOperator {
  std::int64_t size = 0;
  std::function<at::Tensor(const at::Tensor&)> apply;
  double precision = 1e-15;  ///< relative rounding of apply: 1e-7 for a float32 model
  at::Device device = at::kCPU;
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

enum class EigenMethod {
  lanczos,   ///< lanczos.h: the fewest products
  chebyshev  ///< chebyshev.h: every copy of a multiple eigenvalue
};

/// "lanczos" or "chebyshev"; the former throws Error(usage) for another word.
EigenMethod eigenMethodFromWord(const std::string& word);
std::string toString(EigenMethod method);

/// Which pairs are wanted and what they may cost, by Lanczos or another method.
struct LanczosOptions {
  EigenMethod method = EigenMethod::lanczos;
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

/// Throws Error(usage) when more pairs are wanted than there are dimensions, or none is.
void requireSomePairs(const SymmetricOperator& matrix, const LanczosOptions& options);

/// Error(memory): that many vectors are needed at least for the wanted pairs.
[[noreturn]] void throwNoRoom(const SymmetricOperator& matrix, const LanczosOptions& options,
                              std::int64_t vectors);

/// The positions in an ascending list of `size` values of the `top` largest in descending order and
/// the `bottom` smallest likewise, as far as there are so many.
std::vector<std::int64_t> ends(std::int64_t size, std::int64_t top, std::int64_t bottom);

/// Makes a unit vector of it, the largest component positive.
void orient(at::Tensor& vector);

}  // namespace tarn::engine
