#pragma once

#include <cstdint>

#include "engine/curvature/eigenpairs.h"

namespace tarn::engine {

/// Eigenpairs at the ends of the spectrum by Chebyshev-filtered subspace iteration in double (Zhou,
/// Saad, Tiago, Chelikowsky, J. Comput. Phys. 219, 2006): a block of the wanted vectors and some
/// more is filtered by a polynomial that is small on the rest of the spectrum, made orthonormal and
/// rotated to its Ritz vectors, until the wanted ones have converged. Converged ones are filtered
/// no more, but go on taking part in the rotation.
///
/// It takes five to ten times as many products as Lanczos (3, 20 and 100 pairs of a trained
/// network, also within little memory: bench-curvature --methods), and knows what Lanczos does not:
/// every copy of a multiple eigenvalue, as far as the block has room for them.
///
/// A product with one vector of the block counts as one of options.maxProducts. Throws as
/// lanczos(), but takes any vectors to start from.
Eigenpairs chebyshev(const SymmetricOperator& matrix, const LanczosOptions& options);

/// How many vectors it holds at a time for that many pairs, when memory allows.
std::int64_t chebyshevVectors(std::int64_t pairs);

}  // namespace tarn::engine
