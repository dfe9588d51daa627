#pragma once

#include <cstdint>

#include "engine/curvature/eigenpairs.h"

namespace tarn::engine {

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
