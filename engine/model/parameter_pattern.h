#pragma once

#include <string>
#include <vector>

#include "engine/model/parameter_space.h"

namespace tarn::engine {

/// Which groups a list of patterns chooses, one entry a group. A pattern is a name, a prefix that
/// ends where a part of the name ends ("layer1" for "layer1.0.conv1.weight"), or has *, ? and […]
/// as file names do, where * is any part of a name. "!PATTERN" takes its groups out again; a list
/// that begins so starts from all. Later patterns win. Any name of tied parameters will do.
///
/// Throws Error(usage) for a pattern that matches nothing, and when nothing is left.
std::vector<bool> chosenGroups(const std::vector<ParameterGroup>& groups,
                               const std::vector<std::string>& patterns);

}  // namespace tarn::engine
