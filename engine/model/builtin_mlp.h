#pragma once

#include <memory>
#include <string>

#include "engine/model/builtin_spec.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The grammar of `mlp:…`, as a remedy.
const std::string& mlpGrammar();

/// Fully connected layers with an activation between them: `layer1`, `layer2`, … Inputs of any
/// shape are flattened. Throws Error(usage).
std::unique_ptr<Model> makeMlp(BuiltinSpec spec, const std::string& sha256);

}  // namespace tarn::engine
