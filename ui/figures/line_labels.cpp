#include "ui/figures/line_labels.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace tarn::ui {
namespace {

/// Points at equal distances along a line.
std::vector<QPointF> resampled(const QPolygonF& line, double step) {
  std::vector<QPointF> points;
  double next = 0.0;
  double walked = 0.0;
  for (qsizetype i = 0; i + 1 < line.size(); ++i) {
    const QLineF piece(line[i], line[i + 1]);
    const double length = piece.length();
    for (; next <= walked + length && length > 0.0; next += step) {
      points.push_back(piece.pointAt((next - walked) / length));
    }
    walked += length;
  }
  return points;
}

}  // namespace

bool LineLabels::isFree(const QRectF& rect) const {
  return plot_.contains(rect) && std::none_of(taken_.begin(), taken_.end(),
                                              [&](const QRectF& r) { return r.intersects(rect); });
}

void LineLabels::paint(QPainter& painter, const QPolygonF& line, const QString& text,
                       const QColor& behind, const QColor& ink) {
  const QFontMetricsF metrics(font_);
  const double width = metrics.horizontalAdvance(text) + 0.5 * metrics.height();
  const double height = 0.95 * metrics.height();
  const std::vector<QPointF> points = resampled(line, width / 6.0);
  if (points.size() < 16) {
    return;
  }
  double best = 0.93;  // chord over arc: straighter is better
  std::size_t found = 0;
  for (std::size_t i = 3; i + 3 < points.size(); ++i) {
    const double straight = QLineF(points[i - 3], points[i + 3]).length() / width;
    // A label reserves the circle around it, so that none stands close to another.
    const double reach = 0.75 * width;
    const QRectF around(points[i] - QPointF(reach, reach), points[i] + QPointF(reach, reach));
    if (straight > best + 0.004 && isFree(around)) {
      best = straight;
      found = i;
    }
  }
  if (found == 0) {
    return;
  }
  const QLineF chord(points[found - 3], points[found + 3]);
  double angle = std::atan2(chord.dy(), chord.dx()) * 180.0 / std::numbers::pi;
  if (angle > 90.0) {
    angle -= 180.0;
  } else if (angle <= -90.0) {
    angle += 180.0;
  }
  const double reach = 0.75 * width;
  avoid(QRectF(points[found] - QPointF(reach, reach), points[found] + QPointF(reach, reach)));
  painter.save();
  painter.translate(chord.center());
  painter.rotate(angle);
  const QRectF box(-width / 2, -height / 2, width, height);
  painter.setPen(Qt::NoPen);
  painter.setBrush(behind);
  painter.drawRoundedRect(box, 0.3 * height, 0.3 * height);
  painter.setFont(font_);
  painter.setPen(ink);
  painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, text);
  painter.restore();
}

}  // namespace tarn::ui
