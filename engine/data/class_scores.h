#pragma once

#include <ATen/core/Tensor.h>

#include "engine/data/loss.h"

namespace tarn::engine {

/// A batch under cross-entropy, without gradients.
struct ClassScores {
  at::Tensor losses;   ///< float64, one a sample
  double correct = 0;  ///< samples whose largest output is their class
};

/// Whether quickScores() gives what lossPerSample() and countCorrect() give: cross-entropy without
/// smoothing, samples × classes, one label a sample.
bool hasQuickScores(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets);

/// Losses logsumexp(z) − z_t in double and right answers, in two passes over the outputs instead
/// of a dozen operators. Outputs are float32 or float64; targets int64, one class a sample.
ClassScores quickScores(const at::Tensor& outputs, const at::Tensor& targets);

}  // namespace tarn::engine
