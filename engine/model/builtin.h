#pragma once

#include <memory>
#include <string>

#include "engine/model/model.h"

namespace tarn::engine {

/// Whether a model specification names a built-in network ("mlp:64-32-32-10@init:7") rather than a
/// file.
bool isBuiltin(const std::string& spec);

/// Makes a built-in network from `NAME[:ARGUMENTS][@init:SEED | @FILE.safetensors]`; without `@`
/// the seed is 0. Throws Error(usage) when the specification cannot be read, with the grammar, and
/// as loadWeights().
std::unique_ptr<Model> makeBuiltin(const std::string& spec);

}  // namespace tarn::engine
