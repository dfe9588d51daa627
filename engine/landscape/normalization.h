#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "engine/model/parameter_space.h"

namespace tarn::engine {

/// How a direction's length is fitted to the weights (Li et al., Visualizing the Loss Landscape of
/// Neural Nets, 2018).
enum class Normalization {
  none,    ///< a unit vector
  layer,   ///< each tensor gets the norm of its weights
  filter,  ///< each row of a tensor's first axis (a filter, a neuron) gets the norm of its weights
  model,   ///< the whole vector gets the norm of θ
};

/// Throws Error(usage).
Normalization normalizationFromWord(const std::string& word);

/// The direction (flat, float64) fitted to the parameters. As in the paper's code, `layer` and
/// `filter` set tensors of one axis or none (biases, BatchNorm) to zero; `none` and `model` keep
/// them.
at::Tensor normalized(const at::Tensor& direction, const ParameterSpace& space,
                      Normalization normalization);

}  // namespace tarn::engine
