#pragma once

#include <string>
#include <vector>

#include "engine/client/engine_client.h"

namespace tarn {

/// The words of the command that starts the engine. Throws Error(usage) for a host name that ssh
/// could take for an option, and as findEngine.
std::vector<std::string> commandLine(const EngineCommand& command);

}  // namespace tarn
