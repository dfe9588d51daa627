#pragma once

#include <ATen/core/Tensor.h>

#include "engine/protocol/loss.h"

namespace tarn::engine {

using tarn::Loss;

/// A target that says that its position does not count: PyTorch's ignore_index.
inline constexpr std::int64_t ignoredLabel = -100;

/// The loss of each sample: N numbers in float64, differentiable as often as the model is. Uses no
/// operator without a batching rule or a forward derivative. The loss is not `model`, and its decay
/// is left out.
///
/// Classes: outputs are N×…×C and targets N×… (or N×1 for N×C) class indices; a sample's loss is
/// the mean over its positions, without those whose target is −100. Else outputs and targets are
/// alike.
at::Tensor lossPerSample(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets);

/// The mean of one number per position (in one row, sample by sample) over the positions of each
/// sample that count: N numbers.
at::Tensor meanPerSample(const at::Tensor& perPosition, const at::Tensor& targets);

/// The share of each sample's positions whose largest output is their class: N numbers in float64.
at::Tensor rightPerSample(const at::Tensor& outputs, const at::Tensor& targets);
/// Their sum: the number of right samples when each has one position.
double countCorrect(const at::Tensor& outputs, const at::Tensor& targets);

/// Throws Error(badInput), naming both shapes, when outputs and targets do not belong together
/// under this loss.
void requireFit(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets);

}  // namespace tarn::engine
