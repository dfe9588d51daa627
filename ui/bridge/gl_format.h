#pragma once

namespace tarn::ui {

/// Asks Qt for the OpenGL that VTK needs (3.2 core, one context shared by all windows, so that
/// docking keeps it). Call once, before the QApplication is made.
void prepareOpenGL();

/// Qt takes numbers' grammar from the locale; VTK and file formats need a decimal point. Call
/// after the QApplication was made.
void useDecimalPoint();

}  // namespace tarn::ui
