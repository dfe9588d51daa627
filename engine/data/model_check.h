#pragma once

#include <string>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"
#include "topology/base/error.h"

namespace tarn::engine {

// What a model has to be for its loss to be a landscape, and what is said when it is not.

/// Runs the model twice on a batch and compares. Throws Error(badInput) when it changed its own
/// parameters (naming one) or gave different outputs for the same inputs, as dropout does.
void requireSteady(Model& model, const Batch& batch, const Loss& loss);

/// That the loss has no derivative by the parameters, with the operators at which gradients end:
/// Error(unsupported).
Error notDifferentiable(Model& model, const Batch& batch, const Loss& loss);

/// The names of the parameters that the loss of a batch does not depend on: their gradient is 0.
/// Empty when it can't be differentiated.
std::vector<std::string> unusedParameters(Model& model, const Batch& batch, const Loss& loss);

/// Where a loss that is not finite comes from: a parameter, or the first sample whose output is not
/// finite. Empty when neither is.
std::string whereNotFinite(Model& model, const std::vector<Batch>& batches, const Loss& loss);

}  // namespace tarn::engine
