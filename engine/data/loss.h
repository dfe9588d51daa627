#pragma once

#include <string>
#include <string_view>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

enum class Loss {
  crossEntropy,  ///< outputs N×C, targets N class indices; per sample: logsumexp(z) − z_target
  mse,           ///< outputs and targets alike; per sample: mean over its outputs of (z − t)²
};

/// "cross-entropy" or "mse". Throws Error(unsupported) for another word.
Loss lossFromWord(const std::string& word);
std::string_view toString(Loss loss);

/// The loss of each sample: N numbers in float64, differentiable as often as the model is. Uses no
/// operator without a batching rule or a forward derivative.
at::Tensor lossPerSample(Loss loss, const at::Tensor& outputs, const at::Tensor& targets);

/// How many samples have their largest output at the target class.
std::int64_t countCorrect(const at::Tensor& outputs, const at::Tensor& targets);

/// Throws Error(badInput), naming both shapes, when outputs and targets do not belong together
/// under this loss, or a label is beyond the outputs' classes.
void requireFit(Loss loss, const at::Tensor& outputs, const at::Tensor& targets);

}  // namespace tarn::engine
