#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/diagnostics/marchenko_pastur.h"
#include "engine/diagnostics/power_law.h"

namespace tarn::engine {

/// The empirical spectral density of one layer's weights, and what is read from it. Everything that
/// is undefined is none, and `note` says why.
struct WeightSpectrum {
  std::int64_t rows = 0;            ///< m, outputs
  std::int64_t columns = 0;         ///< n, inputs
  std::vector<double> eigenvalues;  ///< squared singular values, ascending
  std::optional<double> alphaHill;
  std::optional<TailFit> tail;
  std::optional<double> alphaHat;      ///< the tail's α · log₁₀ λmax (arXiv 2002.06716)
  std::optional<double> stableRank;    ///< Σλ/λmax
  std::optional<double> spectralNorm;  ///< √λmax
  std::optional<double> farmsAlpha;
  std::optional<MarchenkoPastur> marchenkoPastur;
  std::string note;
};

/// The layer as K × m × n matrices in float64: a matrix is itself; for a convolution (m, n, …
/// kernel) there is one for each position of the kernel, times √½ (arXiv 2312.00359).
/// Throws Error(usage) for a tensor of fewer than two dimensions.
at::Tensor layerMatrices(const at::Tensor& weight);

/// The squared singular values of K × m × n matrices, pooled, ascending. `pause` is called between
/// matrices and may throw.
std::vector<double> pooledEigenvalues(const at::Tensor& matrices,
                                      const std::function<void()>& pause = {});

/// The ascending eigenvalues that are not zero: singular values up to 4·precision of the largest
/// one are what the rounding of the weights can make of a zero.
std::span<const double> withoutZeros(std::span<const double> ascending, double precision);

/// The spectrum of a weight of two dimensions or more. The entry variance of its Marchenko–Pastur
/// edges is that of all entries of layerMatrices() about their mean: the edges are those of the
/// same weights put in random order, whose mean makes one more eigenvalue and none of the bulk.
/// `pause` is called often and may throw. Throws Error(usage) as layerMatrices().
WeightSpectrum weightSpectrum(const at::Tensor& weight, const std::function<void()>& pause = {});

}  // namespace tarn::engine
