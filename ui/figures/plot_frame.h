#pragma once

#include <QRectF>
#include <QString>
#include <QTransform>
#include <vector>

#include "ui/figures/colour_bar.h"
#include "ui/figures/contour_figure.h"
#include "ui/figures/legend.h"
#include "ui/figures/palette.h"
#include "ui/scene/height_map.h"

class QPainter;

namespace tarn::ui {

/// Where the parts of a plot over two axes stand.
struct PlotFrame {
  double text = 0.0;  ///< text size
  QRectF area;
  QRectF plot;
  QRectF legend;  ///< null without entries or room for them
  QRectF bar;     ///< null without a colour bar or room for it
  std::vector<Tick> xTicks;
  std::vector<Tick> yTicks;
  QTransform toPosition;  ///< from coordinates (x, y)

  /// `bar` may be null.
  static PlotFrame layOut(const QRectF& area, double textSize, const PlaneView& view,
                          const std::vector<LegendEntry>& entries, const ColourBar* bar,
                          bool titled);
  void paintAxes(QPainter& painter, const Palette& palette, const QString& xCaption,
                 const QString& yCaption, const QString& title) const;
  double x(double value) const { return toPosition.map(QPointF(value, 0.0)).x(); }
  double y(double value) const { return toPosition.map(QPointF(0.0, value)).y(); }
};

}  // namespace tarn::ui
