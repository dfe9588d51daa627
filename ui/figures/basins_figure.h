#pragma once

#include <QImage>
#include <QRectF>
#include <cstdint>
#include <memory>
#include <vector>

#include "ui/figures/plot_frame.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

/// The basins of a landscape from above: every vertex's cell in the colour of the minimum that it
/// flows to, a line between basins, minima and merge saddles.
class BasinsFigure {
 public:
  /// `basinOfVertex` holds an index into the tree's minima per vertex (Basins), which may be those
  /// of a simplified tree; −1 for none. Throws Error(unsupported) when the grid has not two axes of
  /// two or more coordinates.
  BasinsFigure(LandscapeData data, std::vector<std::int32_t> basinOfVertex, LandscapeStyle style);

  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;

 private:
  PlotFrame frame(const QRectF& area) const;
  ColourBar bar() const;
  void paintCells(QPainter& painter, const PlotFrame& frame) const;
  void paintBorders(QPainter& painter, const PlotFrame& frame) const;
  void paintMarks(QPainter& painter, const PlotFrame& frame) const;

  LandscapeData data_;
  std::vector<std::int32_t> basinOfVertex_;
  LandscapeStyle style_;
  std::vector<double> minima_;  ///< their values
  HeightMap heights_;           ///< of the minima
  ColourMap colours_;
  std::vector<double> xEdges_;  ///< of the cells: half-way between coordinates
  std::vector<double> yEdges_;
  std::optional<double> fixedText_;
};

}  // namespace tarn::ui
