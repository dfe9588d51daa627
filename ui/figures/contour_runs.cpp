#include "ui/figures/contour_runs.h"

#include <QPainter>
#include <cmath>
#include <vector>

namespace tarn::ui {

void paintRun(QPainter& painter, const PlotFrame& frame, const Trajectory& run, const RunLook& look,
              const QColor& halo) {
  std::vector<QPolygonF> pieces(1);
  for (const auto& point : run.points) {
    if (std::isfinite(point[0]) && std::isfinite(point[1])) {
      pieces.back() << frame.toPosition.map(QPointF(point[0], point[1]));
    } else if (!pieces.back().isEmpty()) {
      pieces.emplace_back();
    }
  }
  if (pieces.front().isEmpty()) {
    return;
  }
  if (pieces.back().isEmpty()) {
    pieces.pop_back();
  }
  const double size = frame.text;
  painter.setBrush(Qt::NoBrush);
  for (const QPolygonF& piece : pieces) {
    painter.setPen(QPen(halo, 0.34 * size, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(piece);
    painter.setPen(QPen(look.colour, 0.19 * size, look.dash, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPolyline(piece);
  }
  const QPen outline(halo, 0.08 * size);
  QPointF last = pieces.front().front();
  const QPointF end = pieces.back().back();
  for (const QPolygonF& piece : pieces) {
    for (const QPointF& point : piece) {
      const bool spaced = QLineF(last, point).length() > 3.2 * size;
      if (spaced && QLineF(point, end).length() > 1.5 * size) {
        paintMark(painter, look.mark, point, 0.28 * size, look.colour, outline);
        last = point;
      }
    }
  }
  paintMark(painter, Mark::circle, pieces.front().front(), 0.4 * size, halo,
            QPen(look.colour, 0.2 * size));
  paintMark(painter, Mark::star, end, 0.42 * size, look.colour, QPen(halo, 0.1 * size));
}

void avoidRun(LineLabels& labels, const PlotFrame& frame, const Trajectory& run) {
  const double r = 0.3 * frame.text;
  QPointF last;
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    const QPointF at = frame.toPosition.map(QPointF(run.points[i][0], run.points[i][1]));
    const QLineF step(i == 0 ? at : last, at);
    last = at;
    const double pieces = std::ceil(step.length() / (2 * r));
    if (!(pieces <= 10000)) {
      continue;  // not finite, or far outside the picture
    }
    for (double k = 0; k <= pieces; ++k) {
      const QPointF middle = pieces == 0 ? at : step.pointAt(k / pieces);
      if (frame.plot.contains(middle)) {
        labels.avoid(QRectF(middle - QPointF(r, r), middle + QPointF(r, r)));
      }
    }
  }
}

}  // namespace tarn::ui
