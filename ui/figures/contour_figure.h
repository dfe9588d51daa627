#pragma once

#include <QPointF>
#include <QRectF>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

/// The part of the plane that a contour plot shows, in the grid's coordinates.
struct PlaneView {
  std::array<double, 2> x{0, 1};
  std::array<double, 2> y{0, 1};

  bool operator==(const PlaneView&) const = default;
};

/// The whole of a two-dimensional grid.
PlaneView wholePlane(const ScalarGrid& grid);

/// A landscape from above: filled bands and iso-lines, trajectories, minima and saddles, axes,
/// colour bar and legend. The constructor computes the lines (seconds for 10⁶ noisy points: do it
/// off the window's thread); painting is quick and the same on a widget, an image, SVG and PDF.
class ContourFigure {
 public:
  /// Throws Error(unsupported) when the grid has not two axes of two or more coordinates.
  ContourFigure(LandscapeData data, LandscapeStyle style);
  ~ContourFigure();
  ContourFigure(ContourFigure&&) noexcept;
  ContourFigure& operator=(ContourFigure&&) noexcept;

  void select(std::optional<std::int64_t> vertex);
  /// Marks the minima and saddles of another tree of the same grid, one that is simplified, say.
  void setTree(std::shared_ptr<const MergeTree> tree);
  /// Zooms; ranges are increasing and may reach beyond the grid. At first the whole is shown.
  void setView(const PlaneView& view);
  const PlaneView& view() const;
  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels);
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;

  /// The coordinates (x, y) at a position; none outside the axes.
  std::optional<QPointF> coordinatesAt(const QRectF& area, const QPointF& position) const;
  /// The minimum or saddle drawn within a few pixels of a position, else the nearest vertex; none
  /// outside the axes.
  std::optional<std::int64_t> vertexAt(const QRectF& area, const QPointF& position) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tarn::ui
