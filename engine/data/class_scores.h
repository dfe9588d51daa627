#pragma once

#include <ATen/core/Tensor.h>

#include "engine/data/loss.h"

namespace tarn::engine {

/// A batch under cross-entropy, without gradients: float64, one number a sample, means over its
/// positions that count.
struct ClassScores {
  at::Tensor losses;
  at::Tensor right;  ///< 1 where the largest output is that of the class
};

/// Whether quickScores() gives what lossPerSample() and rightPerSample() give: cross-entropy
/// without smoothing.
bool hasQuickScores(const Loss& loss);

/// Losses logsumexp(z) − z_t in double and right answers, in two passes over the outputs instead of
/// a dozen operators. Outputs (on the CPU) and targets are those of lossPerSample(): N×…×C and N×…,
/// or N×1 for N×C; positions whose target is −100 do not count.
ClassScores quickScores(const at::Tensor& outputs, const at::Tensor& targets);

}  // namespace tarn::engine
