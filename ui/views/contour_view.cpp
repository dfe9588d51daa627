#include "ui/views/contour_view.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/actions/action.h"

namespace tarn::ui {
namespace {

/// Scales an interval about a point of it, within 1/1000 and 4 times the whole.
void scaleAbout(std::array<double, 2>& interval, double about, double factor, double whole) {
  const double length = interval[1] - interval[0];
  const double wanted = std::clamp(length / factor, whole / 1000.0, whole * 4.0);
  const double part = (about - interval[0]) / length;
  interval[0] = about - part * wanted;
  interval[1] = interval[0] + wanted;
}

/// Whether two landscapes differ in nothing but tree, basins and selection.
bool sameLines(const LandscapeData& a, const LandscapeData& b) {
  const auto sameRun = [](const Trajectory& x, const Trajectory& y) {
    return x.name == y.name && x.points == y.points;
  };
  return a.grid == b.grid && a.x.text() == b.x.text() && a.y.text() == b.y.text() &&
         a.quantity == b.quantity && a.place == b.place &&
         std::ranges::equal(a.trajectories, b.trajectories, sameRun);
}

bool sameAxes(const LandscapeData& a, const LandscapeData& b) {
  if (!a.grid || !b.grid || a.grid->shape() != b.grid->shape()) {
    return false;
  }
  for (std::size_t axis = 0; axis < a.grid->dimension(); ++axis) {
    if (a.grid->axes()[axis].coordinates != b.grid->axes()[axis].coordinates) {
      return false;
    }
  }
  return true;
}

}  // namespace

ContourView::ContourView(QWidget* parent) : PaintedView(parent) {
  describe(this, "contourView", tr("Contour"),
           tr("Wheel to zoom, drag to shift, click to select, double click to show everything"));
  setToolTip({});
}

bool ContourView::drawable() const {
  return data_.grid && data_.grid->dimension() == 2 &&
         data_.grid->axes()[0].coordinates.size() > 1 &&
         data_.grid->axes()[1].coordinates.size() > 1;
}

QString ContourView::emptyText() const {
  if (!data_.grid) {
    return tr("No landscape is shown");
  }
  if (line_) {
    return {};
  }
  if (!drawable()) {
    return tr("The plot needs two points or more along each axis.");
  }
  return figure_ ? QString() : tr("Computing the contour lines…");
}

void ContourView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  const bool keepsPlace = sameAxes(data_, shown.plane);
  LandscapeStyle before = style_;
  before.basins = style.basins;  // they are the surface's
  const bool keepsLines = sameLines(data_, shown.plane) && style == before;
  shown_ = shown;
  data_ = shown.plane;
  style_ = style;
  line_.reset();
  if (!drawable()) {
    figure_.reset();
    if (data_.grid && data_.grid->dimension() == 1 && data_.grid->size() > 1) {
      line_.emplace(data_, style);
      line_->setTextSize(fontInfo().pixelSize());
    }
    redraw();
    return;
  }
  if (!keepsPlace) {
    figure_.reset();
    plane_ = wholePlane(*data_.grid);
    redraw();
  }
  if (keepsLines && (figure_ || builder_.busy())) {
    if (figure_ && figureGrid_ == data_.grid) {
      figure_->setTree(data_.tree);
      redraw();
    }
    return;
  }
  builder_.run(
      this, [data = data_, style] { return std::make_shared<ContourFigure>(data, style); },
      [this, grid = data_.grid](std::shared_ptr<ContourFigure> figure) {
        if (drawable()) {
          figure_ = std::move(figure);
          figureGrid_ = grid;
          if (grid == data_.grid) {
            figure_->setTree(data_.tree);
          }
          figure_->select(data_.selection);
          figure_->setTextSize(fontInfo().pixelSize());
          applyPlane();
        }
      });
}

void ContourView::showSelection(std::optional<std::int64_t> vertex) {
  data_.selection = shown_.onPlane(vertex);
  if (line_) {
    line_->select(data_.selection);
    redraw();
  }
  if (figure_) {
    figure_->select(data_.selection);
    redraw();
  }
}

std::optional<PlaneView> ContourView::part() const {
  if (!drawable() || plane_ == wholePlane(*data_.grid)) {
    return std::nullopt;
  }
  PlaneView part = plane_;
  for (auto* range : {&part.x, &part.y}) {
    const double unit =
        std::pow(10.0, std::floor(std::log10(std::max((*range)[1] - (*range)[0], 1e-300))) - 5);
    for (double& edge : *range) {
      edge = QString::number(std::round(edge / unit) * unit, 'g', 12).toDouble();
    }
  }
  return part;
}

void ContourView::applyPlane() {
  if (figure_) {
    figure_->setView(plane_);
    redraw();
  }
}

void ContourView::resetView() {
  if (drawable()) {
    plane_ = wholePlane(*data_.grid);
    applyPlane();
  }
}

void ContourView::draw(QPainter& painter, const QRectF& area) {
  line_ ? line_->paint(painter, area) : figure_->paint(painter, area);
}

std::optional<std::int64_t> ContourView::vertexAt(const QPointF& position) const {
  return line_     ? line_->vertexAt(area(), position)
         : figure_ ? figure_->vertexAt(area(), position)
                   : std::nullopt;
}

std::optional<QPointF> ContourView::positionOf(const QPointF& point) const {
  if (!figure_) {
    return std::nullopt;
  }
  // The axes are linear: two positions inside them say where every other one is.
  const QPointF middle = area().center();
  const QPointF aside = middle + QPointF(20, 20);
  const auto first = figure_->coordinatesAt(area(), middle);
  const auto second = figure_->coordinatesAt(area(), aside);
  if (!first || !second) {
    return std::nullopt;
  }
  return QPointF(middle.x() + 20 * (point.x() - first->x()) / (second->x() - first->x()),
                 middle.y() + 20 * (point.y() - first->y()) / (second->y() - first->y()));
}

void ContourView::zoom(double factor, const QPointF& position) {
  if (!figure_) {
    return;
  }
  const QPointF middle((plane_.x[0] + plane_.x[1]) / 2, (plane_.y[0] + plane_.y[1]) / 2);
  const QPointF at = figure_->coordinatesAt(area(), position).value_or(middle);
  const PlaneView whole = wholePlane(*data_.grid);
  scaleAbout(plane_.x, at.x(), factor, whole.x[1] - whole.x[0]);
  scaleAbout(plane_.y, at.y(), factor, whole.y[1] - whole.y[0]);
  applyPlane();
}

void ContourView::shiftBy(double x, double y) {
  for (double& edge : plane_.x) {
    edge += x;
  }
  for (double& edge : plane_.y) {
    edge += y;
  }
  applyPlane();
}

void ContourView::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
    pressed_ = true;
    pressedAt_ = last_ = event->position();
  }
}

void ContourView::mouseMoveEvent(QMouseEvent* event) {
  if (pressed_ && figure_) {
    dragging_ = dragging_ || (event->position() - pressedAt_).manhattanLength() >=
                                 QApplication::startDragDistance();
    if (dragging_) {
      setCursor(Qt::ClosedHandCursor);
      const auto from = figure_->coordinatesAt(area(), last_);
      const auto to = figure_->coordinatesAt(area(), event->position());
      if (from && to) {
        shiftBy(from->x() - to->x(), from->y() - to->y());
      }
      last_ = event->position();
    }
    return;
  }
  const auto vertex = vertexAt(event->position());
  Q_EMIT probed(vertex ? probeText(shown_, *shown_.onLandscape(vertex)) : QString());
}

void ContourView::mouseReleaseEvent(QMouseEvent* event) {
  const bool click = pressed_ && !dragging_ && event->button() == Qt::LeftButton;
  pressed_ = false;
  dragging_ = false;
  unsetCursor();
  if (click && emptyText().isEmpty()) {
    const auto vertex = vertexAt(event->position());
    Q_EMIT vertexClicked(shown_.onLandscape(vertex).value_or(-1));
  }
}

void ContourView::mouseDoubleClickEvent(QMouseEvent* /*event*/) {
  resetView();
}

void ContourView::wheelEvent(QWheelEvent* event) {
  zoom(std::pow(1.15, event->angleDelta().y() / 120.0), event->position());
  event->accept();
}

void ContourView::keyPressEvent(QKeyEvent* event) {
  const double x = (plane_.x[1] - plane_.x[0]) / 20;
  const double y = (plane_.y[1] - plane_.y[0]) / 20;
  const QPointF middle = QRectF(rect()).center();
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom(1.25, middle);
    case Qt::Key_Minus:
      return zoom(0.8, middle);
    case Qt::Key_R:
      return resetView();
    case Qt::Key_Left:
      return shiftBy(-x, 0);
    case Qt::Key_Right:
      return shiftBy(x, 0);
    case Qt::Key_Up:
      return shiftBy(0, y);
    case Qt::Key_Down:
      return shiftBy(0, -y);
    default:
      PaintedView::keyPressEvent(event);
  }
}

}  // namespace tarn::ui
