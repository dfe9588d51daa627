#pragma once

#include "ui/figures/plot_frame.h"
#include "ui/figures/plot_scale.h"

namespace tarn::ui {

/// A plot whose axes have scales of their own: in its frame, coordinates and ticks are places.
struct ScaledFrame {
  PlotFrame frame;
  PlotScale x;
  PlotScale y;

  /// A frame around a given plot; ticks as there is room.
  ScaledFrame(const QRectF& area, const QRectF& plot, double textSize, const PlotScale& x,
              const PlotScale& y);
  /// Lays it out in the area with captions at both axes, a legend above where there is room for it,
  /// and below the title and `linesAbove` further lines of text.
  static ScaledFrame layOut(const QRectF& area, double textSize, const PlotScale& x,
                            const PlotScale& y, const std::vector<LegendEntry>& entries,
                            bool titled, int linesAbove = 0);

  /// Where a point stands. What is far outside, or nowhere, still has a position that can be
  /// painted.
  QPointF at(double xValue, double yValue) const;
  /// The values at a position.
  QPointF valueAt(const QPointF& position) const;
  /// Thin lines at the ticks, behind everything.
  void paintGrid(QPainter& painter, const Palette& palette) const;
};

}  // namespace tarn::ui
