#pragma once

#include <memory>
#include <string>

#include "engine/model/builtin_spec.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The grammar of `convnet:…`, as a remedy.
const std::string& convnetGrammar();

/// A small convolutional network: for each number of channels a 3×3 convolution with padding 1,
/// optionally BatchNorm, and an activation; 2×2 average (or maximum) pooling between convolutions;
/// then the average over what is left of the image and a linear layer. Average pooling is the
/// default because it is smooth. Groups are called `conv1`, `bn1`, …, `head`. Throws Error(usage).
std::unique_ptr<Model> makeConvnet(BuiltinSpec spec, const std::string& sha256);

}  // namespace tarn::engine
