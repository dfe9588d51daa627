#pragma once

#include <nlohmann/json.hpp>

#include "engine/model/parameter_space.h"

namespace tarn::engine {

/// The groups of θ as they travel: [{name, shape, offset, size, layer}].
nlohmann::json groupsOf(const ParameterSpace& space);

}  // namespace tarn::engine
