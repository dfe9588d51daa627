#pragma once

#include <memory>
#include <string>

#include "engine/model/builtin_spec.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The grammar of `deep-linear:…`, as a remedy.
const std::string& deepLinearGrammar();

/// A deep linear network: x ↦ W_L…W₂W₁x, without biases; the groups are `layer1` (the first to be
/// applied) to `layerL`. Inputs of any shape are flattened.
///
/// start=normal draws every entry from N(0, 1/fan-in). start=aligned makes each layer m times a
/// matrix with `rank` singular values 1 and the others 0, whose singular vectors are those of its
/// neighbours: with the product as the target, the loss's Hessian is then known in closed form.
/// Throws Error(usage).
std::unique_ptr<Model> makeDeepLinear(BuiltinSpec spec, const std::string& sha256);

}  // namespace tarn::engine
