#pragma once

#include <optional>
#include <string>

namespace tarn::ui {

/// Opens the window, with a file when given (a project, a landscape of one, a grid, a model or
/// data), and returns the exit code when it was closed. Throws Error(unsupported) when there is no
/// display.
int runWindow(int argc, char** argv, const std::optional<std::string>& file);

}  // namespace tarn::ui
