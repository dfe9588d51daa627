#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/curvature/lanczos.h"
#include "engine/curvature/trace.h"

namespace tarn::engine {

/// A quadrature of the spectral density: Σ wᵢ f(θᵢ) = vᵀf(H)v for polynomials f of degree
/// 2·nodes − 1 and less, with the unit vector v that it was made from. The weights sum to 1.
struct Quadrature {
  std::vector<double> nodes;  ///< ascending
  std::vector<double> weights;
  double beyond = 0;  ///< how strongly the last step leads out of the Krylov space
};

/// Gauss quadrature from `steps` Lanczos steps with full reorthogonalization, beginning at `start`
/// (any length but 0): the Ritz values, and the squares of the first components of the projection's
/// eigenvectors (Golub & Welsch, 1969). Fewer nodes when the Krylov space closes earlier.
Quadrature lanczosQuadrature(const SymmetricOperator& matrix, const at::Tensor& start,
                             std::int64_t steps, const std::function<void()>& beforeProduct = {});

struct DensityOptions {
  std::int64_t steps = 80;   ///< Lanczos steps a probe
  std::int64_t probes = 10;  ///< random vectors of signs
  std::uint64_t seed = 0;
  std::uint64_t memoryBytes = 0;  ///< for the basis: with less memory, fewer steps; 0: no limit
  ProductsMade made;
};

/// The density of the eigenvalues, blurred by a Gaussian, on a grid. It integrates to 1.
struct SpectralDensity {
  std::vector<Quadrature> probes;
  std::int64_t steps = 0;  ///< as made
  double width = 0;        ///< standard deviation of the Gaussian: range / steps
  std::vector<double> grid;
  std::vector<double> density;
  std::vector<double> standardError;  ///< of the density, from the spread of the probes
  Estimate mean;                      ///< of the eigenvalues: tr H / n
  std::int64_t products = 0;
};

/// Stochastic Lanczos quadrature (Ubaru, Chen, Saad, SIAM J. Matrix Anal. Appl. 38, 2017; Ghorbani,
/// Krishnan, Xiao, ICML 2019). Throws Error(usage) for less than two steps or probes.
SpectralDensity spectralDensity(const SymmetricOperator& matrix, const DensityOptions& options);

/// Criteria of a landscape from its density, means over the probes (LLA, see the documentation):
/// how the most negative eigenvalue compares with the largest, |θ_min/θ_max|, and how much of the
/// curvature is negative, Σ_{θ<0} |θw|^½ / Σ_{θ>0} (θw)^½.
struct LlaCriteria {
  double ratio = 0;
  double negativeShare = 0;
};
LlaCriteria llaCriteria(const std::vector<Quadrature>& probes);

}  // namespace tarn::engine
