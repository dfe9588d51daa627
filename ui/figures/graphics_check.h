#pragma once

#include <string>

namespace tarn::ui {

/// What draws without a display: OpenGL version and renderer. Throws Error(unsupported) with what
/// to install when there is none.
std::string describeOffscreenGraphics();

}  // namespace tarn::ui
