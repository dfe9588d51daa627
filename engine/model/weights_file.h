#pragma once

#include <filesystem>

#include "engine/model/model.h"

namespace tarn::engine {

/// Gives a model the parameters and buffers of a .safetensors file. Every parameter and buffer must
/// be there under its name and in its shape, in any floating-point type (counters as integers), and
/// nothing else may be. Throws Error(badInput) that names what does not fit, Error(notFound),
/// Error(io), Error(unsupported).
void loadWeights(Model& model, const std::filesystem::path& path);

}  // namespace tarn::engine
