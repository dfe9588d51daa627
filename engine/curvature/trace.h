#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/curvature/hessian.h"
#include "engine/curvature/lanczos.h"

namespace tarn::engine {

/// A number from random probes, and its standard error from their spread.
struct Estimate {
  double value = 0;
  double standardError = 0;  ///< NaN with fewer than two probes
};

/// The mean of the samples and the standard error of that mean.
Estimate meanOf(const std::vector<double>& samples);

struct TraceEstimate {
  Estimate trace;
  std::int64_t probes = 0;    ///< independent samples that the error is of
  std::int64_t products = 0;  ///< with the operator
  std::vector<Estimate> parts;
};

/// Called before every product with the number of those made; may throw to stop.
using ProductsMade = std::function<void(std::int64_t products)>;

/// tr H as the mean of zᵀHz over probes of random signs (Hutchinson, 1990): unbiased, variance
/// 2(‖H‖_F² − Σ H_ii²) a probe. The same probes give the trace of each diagonal block, as
/// z_bᵀ(Hz)_b. Throws Error(usage) for less than two probes.
TraceEstimate hutchinsonTrace(const SymmetricOperator& matrix, std::int64_t probes,
                              std::uint64_t seed, const std::vector<ParameterRange>& blocks = {},
                              const ProductsMade& made = {});

/// tr H with `products` products (rounded down to a multiple of three): a third of them finds a
/// subspace Q, whose part tr QᵀHQ is exact, the last third probes what is left by Hutchinson's
/// method (Meyer, Musco, Musco, Woodruff, Hutch++, SOSA 2021). Its error falls as 1/products where
/// a few eigenvalues dominate. Keeps products/3 vectors. Throws Error(usage) for less than six
/// products.
TraceEstimate hutchPlusPlusTrace(const SymmetricOperator& matrix, std::int64_t products,
                                 std::uint64_t seed, const ProductsMade& made = {});

}  // namespace tarn::engine
