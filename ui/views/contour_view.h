#pragma once

#include <array>

#include "ui/figures/contour_figure.h"
#include "ui/figures/line_figure.h"
#include "ui/views/background.h"
#include "ui/views/painted_view.h"

namespace tarn::ui {

/// The landscape from above, with trajectories; one of a single axis as a line. Wheel zooms at the
/// cursor, dragging shifts, a click selects, a double click shows everything.
class ContourView : public PaintedView {
  Q_OBJECT

 public:
  explicit ContourView(QWidget* parent = nullptr);

  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> vertex) override;
  void resetView() override;
  /// Whether the landscape has one axis, and is drawn as a line.
  bool showsLine() const { return line_.has_value(); }
  /// The part of the plane that is shown.
  const PlaneView& plane() const { return plane_; }
  /// The same in short numbers, when it is not everything.
  std::optional<PlaneView> part() const;
  /// Where a point (x, y) of the plane is drawn, in widget coordinates; nothing outside the axes.
  std::optional<QPointF> positionOf(const QPointF& point) const;
  /// Above one: nearer, keeping what is at the position (in widget coordinates) there.
  void zoom(double factor, const QPointF& position);

 protected:
  void draw(QPainter& painter, const QRectF& area) override;
  QString emptyText() const override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  bool drawable() const;
  std::optional<std::int64_t> vertexAt(const QPointF& position) const;
  void applyPlane();
  void shiftBy(double x, double y);

  ShownLandscape shown_;
  LandscapeData data_;  ///< of it, with the plane's own selection
  LandscapeStyle style_;
  PlaneView plane_;
  std::optional<LineFigure> line_;
  std::shared_ptr<ContourFigure> figure_;
  std::shared_ptr<const ScalarGrid> figureGrid_;
  Latest<std::shared_ptr<ContourFigure>> builder_;
  QPointF pressedAt_;
  QPointF last_;
  bool pressed_ = false;
  bool dragging_ = false;
};

}  // namespace tarn::ui
