#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/curvature/lanczos.h"
#include "engine/curvature/trace.h"
#include "engine/data/experiment.h"

namespace tarn::engine {

/// ‖AᵀB‖_F²/k of two lists of k orthonormal vectors: 1 for the same subspace, k/n on average for
/// random ones in n dimensions.
double subspaceOverlap(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b);

/// How the Hessians (or Gauss–Newton matrices) of two halves of the data agree.
struct SplitAgreement {
  double differenceNorm = 0;  ///< ‖H_a − H_b‖₂
  double residual = 0;        ///< of the eigenpair that it comes from
  double overlap = 0;         ///< of the subspaces of the leading eigenvectors
  double gradientSpread = 0;  ///< mean over both halves of ‖H_e g_e − mean‖²
  std::vector<double> valuesOfFirst;
  std::vector<double> valuesOfSecond;
  std::int64_t products = 0;  ///< with either half
};

/// Draws the halves at random (by the experiment's seed). options.top leading eigenvectors of each
/// are compared. Each half may keep half of what curvatureMemory() allows for graphs. Throws
/// Error(usage) for less than two samples.
SplitAgreement splitAgreement(Experiment& experiment, CurvatureMatrix matrix,
                              LanczosOptions options, const std::function<void()>& pause);

/// The largest eigenvalue of the matrices of `repeats` random batches of one size, drawn without
/// replacement each: it grows as batches get smaller (Granziol, Zohren, Roberts, JMLR 23, 2022).
/// Throws Error(usage) for a batch that is empty or larger than the data, or for no repeats.
Estimate batchEigenvalue(Experiment& experiment, CurvatureMatrix matrix, std::int64_t batch,
                         std::int64_t repeats, LanczosOptions options,
                         const std::function<void()>& pause);

}  // namespace tarn::engine
