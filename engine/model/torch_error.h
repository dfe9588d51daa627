#pragma once

#include <exception>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/model/inputs.h"
#include "topology/base/error.h"

namespace tarn::engine {

/// The one line of LibTorch's message that says what went wrong, without its stack traces.
std::string summary(const std::exception& failure);

/// What a model's forward threw on these inputs, as Error(badInput), or Error(memory) when memory
/// ran out.
Error forwardError(const Inputs& inputs, const std::exception& failure);

/// The shapes of all inputs: "32×16, 32×16".
std::string shapeText(const Inputs& inputs);

/// "200×3×32×32"; "a single number" for no dimension.
std::string shapeText(at::IntArrayRef shape);

}  // namespace tarn::engine
