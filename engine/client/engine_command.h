#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/client/engine_client.h"

namespace tarn {

/// One of Tarn's own programs: what the environment's `variable` names, else the one beside this
/// program, else the first in PATH. Throws Error(engine) when there is none.
std::filesystem::path findBeside(const std::string& name, const char* variable);

/// The words of the command that starts the engine. Throws Error(usage) for a host name that ssh
/// could take for an option, and as findEngine.
std::vector<std::string> commandLine(const EngineCommand& command);

}  // namespace tarn
