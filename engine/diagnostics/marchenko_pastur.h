#pragma once

#include <cmath>
#include <cstdint>

namespace tarn::engine {

/// Where the squared singular values of a random matrix lie.
struct MarchenkoPastur {
  double sigma = 0;  ///< standard deviation of the entries
  double low = 0;    ///< σ²(√n − √m)²
  double high = 0;   ///< σ²(√n + √m)²
};

/// The edges of the Marchenko–Pastur law (Math. USSR-Sb. 1, 1967) for an m × n matrix of
/// independent entries with mean 0 and this standard deviation. Eigenvalues stray beyond them by a
/// relative O(min(m, n)^(−2/3)).
inline MarchenkoPastur marchenkoPastur(std::int64_t m, std::int64_t n, double sigma) {
  const double small = std::sqrt(static_cast<double>(m));
  const double large = std::sqrt(static_cast<double>(n));
  return {sigma, std::pow(sigma * (large - small), 2), std::pow(sigma * (large + small), 2)};
}

}  // namespace tarn::engine
