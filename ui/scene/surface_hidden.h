#pragma once

class QPainter;

namespace tarn::ui {

struct SurfaceOverlay;

/// What paintHiddenMarks paints of what the surface stands before.
void paintHidden(QPainter& painter, const SurfaceOverlay& overlay);

}  // namespace tarn::ui
