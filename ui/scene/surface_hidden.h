#pragma once

class QPainter;

namespace tarn::ui {

struct SurfaceOverlay;

/// Runs, their starts and ends, minima and saddles where the surface stands before them, faintly:
/// in a bowl most of what matters lies behind its rim. Where there are many minima and saddles,
/// none of them.
void paintHidden(QPainter& painter, const SurfaceOverlay& overlay);

}  // namespace tarn::ui
