#pragma once

#include <QPointF>
#include <QRectF>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "topology/persistence/diagram.h"
#include "ui/figures/plot_frame.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

enum class PersistencePlot {
  barcode,  ///< a bar from birth to death for each class, longest at the top of its degree
  diagram,  ///< a point (birth, death) for each class
};

/// Persistence in all degrees, each in a colour and mark of its own. Classes that never die end in
/// an arrow (barcode) or stand on the line ∞ (diagram). Of a barcode of more than 2,000 classes
/// the longest are drawn, and the caption says so.
class PersistenceFigure {
 public:
  PersistenceFigure(std::shared_ptr<const PersistenceDiagram> diagram, PersistencePlot plot,
                    PlotStyle style);

  /// The threshold of persistence, drawn as a line and dimming what is not above it.
  void setThreshold(std::optional<double> threshold) { style_.threshold = threshold; }
  /// Highlights the class born at a vertex.
  void select(std::optional<std::int64_t> birthVertex) { selection_ = birthVertex; }
  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;

  /// The class drawn within a few pixels of a position: an index of PersistenceDiagram::intervals.
  std::optional<std::size_t> intervalAt(const QRectF& area, const QPointF& position) const;
  /// Where the middle of a class's mark or bar stands; none when it is not drawn.
  std::optional<QPointF> intervalPosition(const QRectF& area, std::size_t interval) const;
  /// The threshold that a position stands for: in a diagram its distance above the diagonal, in a
  /// barcode its distance from the left edge. At least 0.
  double thresholdAt(const QRectF& area, const QPointF& position) const;
  /// A point of the line that stands for a threshold, in the middle of what is seen of it.
  QPointF thresholdPosition(const QRectF& area, double threshold) const;
  /// Whether the line of the threshold is drawn within a few pixels of a position.
  bool onThreshold(const QRectF& area, const QPointF& position) const;

 private:
  PlotFrame frame(const QRectF& area) const;
  PlaneView view() const;
  std::vector<LegendEntry> entries(double textSize) const;
  bool faint(const PersistenceInterval& interval) const;
  QPointF pointOf(const PlotFrame& frame, const PersistenceInterval& interval) const;
  void paintBars(QPainter& painter, const PlotFrame& frame) const;
  void paintPoints(QPainter& painter, const PlotFrame& frame) const;
  void paintDiagonal(QPainter& painter, const PlotFrame& frame) const;
  void paintBarThreshold(QPainter& painter, const PlotFrame& frame) const;

  std::shared_ptr<const PersistenceDiagram> diagram_;
  PersistencePlot plot_;
  PlotStyle style_;
  std::vector<std::size_t> rows_;  ///< of a barcode from below: indices of intervals
  double low_ = 0.0;               ///< of all births and deaths
  double high_ = 1.0;
  std::optional<std::int64_t> selection_;
  std::optional<double> fixedText_;
};

}  // namespace tarn::ui
