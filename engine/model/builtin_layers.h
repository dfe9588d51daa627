#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "engine/model/parameter_space.h"

namespace tarn::engine {

enum class Activation { relu, tanh };

/// Throws nothing: the words are "relu" and "tanh", checked by the parser of specifications.
Activation activationFromWord(const std::string& word);
at::Tensor activate(const at::Tensor& x, Activation activation);

/// Adds `NAME.weight` (out × in × kernel…) and, if asked for, `NAME.bias` with PyTorch's default
/// start for linear and convolution layers: uniform on ±1/√fan_in, weights first. fan_in is the
/// product of all extents but the first.
void addUniformLayer(std::vector<NamedTensor>& parameters, const std::string& name,
                     const std::vector<std::int64_t>& shape, bool bias, at::ScalarType dtype,
                     at::Generator& generator);

/// A generator of its own, so that a seed gives the same network whatever ran before.
at::Generator seededGenerator(std::uint64_t seed);

}  // namespace tarn::engine
