#pragma once

#include "app/commands/command.h"

namespace tarn::app {

/// Adds `tarn tool replay` to `tarn tool`.
void addToolReplay(CLI::App& tool, Run& run);

}  // namespace tarn::app
