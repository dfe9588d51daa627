#pragma once

#include <QPointF>
#include <QRectF>
#include <cstdint>
#include <optional>
#include <vector>

#include "ui/figures/scaled_frame.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

/// A landscape along one direction: its values as a line, the minima and the maxima between them
/// (where basins meet), the selection. Points without a finite value are gaps.
class LineFigure {
 public:
  /// Throws Error(unsupported) when the grid has not one axis of two or more coordinates.
  LineFigure(LandscapeData data, LandscapeStyle style);

  void select(std::optional<std::int64_t> vertex) { data_.selection = vertex; }
  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;

  /// The vertex nearest across; none outside the axes.
  std::optional<std::int64_t> vertexAt(const QRectF& area, const QPointF& position) const;

 private:
  ScaledFrame frame(const QRectF& area) const;
  std::vector<LegendEntry> entries(double text) const;
  /// None where the value has no place on the scale.
  std::optional<QPointF> positionOf(const ScaledFrame& frame, std::int64_t vertex) const;
  void paintLine(QPainter& painter, const ScaledFrame& frame) const;
  void paintMarks(QPainter& painter, const ScaledFrame& frame) const;

  LandscapeData data_;
  LandscapeStyle style_;
  HeightMap heights_;
  std::optional<double> fixedText_;
};

}  // namespace tarn::ui
