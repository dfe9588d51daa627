#pragma once

#include <nlohmann/json.hpp>

#include <ATen/core/Tensor.h>

#include "engine/model/model.h"

namespace tarn::engine {

/// A network's state elsewhere: what `between` leads to.
struct Checkpoint {
  at::Tensor parameters;  ///< θ there, flat, float64
  at::Tensor buffers;     ///< flat, float64
};

/// Reads a checkpoint for a model, as its request has it: {spec: a .safetensors file with the
/// model's tensors, or whatever openModel() opens, sha256} or {array, buffers: hashes of vectors
/// that were put; without buffers, the model's own}. `modelMap` is the `model` of the experiment.
///
/// Throws as openModel() and loadWeights(), and Error(badInput) when it is no state of this network
/// (names and shapes are compared).
Checkpoint openCheckpoint(const nlohmann::json& checkpoint, const Model& model,
                          const nlohmann::json& modelMap, const ArrayLookup& arrays);

/// A direction from a file: `PATH` or `PATH#NAME` of a .safetensors file with a flat vector or with
/// all of the model's tensors, or a .npy file with as many numbers as θ. Throws Error(badInput)
/// that says what is there instead, and what the files' readers throw.
at::Tensor directionFromFile(const std::string& text, const Model& model);

}  // namespace tarn::engine
