#pragma once

#include <ATen/core/Tensor.h>

#include "engine/data/dataset.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// What a model makes of a batch.
struct BatchResult {
  at::Tensor loss;     ///< Σ of the samples' losses: a number in float64
  at::Tensor outputs;  ///< undefined under the loss `model`
};

/// Runs the model on a batch: the one place where a batch becomes its loss. For the loss `model`
/// that is the number which forward(inputs…, targets) returns, times the batch's samples; for a
/// model that may differentiate inside forward gradients are on there even when the caller has them
/// off. The loss's decay is part of it, once a sample.
///
/// Differentiable as often as the model is. Throws Error(badInput) when the model can't digest the
/// batch, or its own loss is not one number.
BatchResult runBatch(Model& model, const Batch& batch, const Loss& loss);

/// The loss that the model returns for a batch, times its samples, in float64, without decay. As
/// runBatch().
at::Tensor ownBatchLoss(Model& model, const Batch& batch);

/// The loss alone.
at::Tensor batchLoss(Model& model, const Batch& batch, const Loss& loss);

}  // namespace tarn::engine
