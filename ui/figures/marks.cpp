#include "ui/figures/marks.h"

#include <QPainter>
#include <QPolygonF>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace tarn::ui {
namespace {

/// A polygon with its corners at alternating radii (equal: a regular one); the first corner is up.
QPolygonF polygon(const QPointF& at, int corners, double radius, double innerRadius,
                  double turn = 0.0) {
  QPolygonF shape;
  for (int i = 0; i < corners; ++i) {
    const double angle = turn + 2.0 * std::numbers::pi * i / corners;
    const double r = i % 2 == 0 ? radius : innerRadius;
    shape << at + QPointF(r * std::sin(angle), -r * std::cos(angle));
  }
  return shape;
}

/// Two bars that cross at right angles.
QPolygonF bars(const QPointF& at, double radius, double turn) {
  const double length = 1.45 * radius;
  const double half = 0.45 * radius;
  const double corner = std::hypot(length, half);
  const double spread = std::atan2(half, length);
  QPolygonF shape;
  for (int i = 0; i < 4; ++i) {
    const double angle = turn + i * std::numbers::pi / 2;
    for (const auto& [r, a] : {std::pair{corner, angle - spread},
                               {corner, angle + spread},
                               {half * std::numbers::sqrt2, angle + std::numbers::pi / 4}}) {
      shape << at + QPointF(r * std::sin(a), -r * std::cos(a));
    }
  }
  return shape;
}

}  // namespace

RunLook runLook(std::size_t index) {
  // Of the colours of Okabe and Ito, Color Universal Design (2008), the four that stand out from
  // white and from the dark theme's background alike, at 3:1 or more; for their sky blue, orange
  // and yellow, which do not, three that do, chosen so that colour-blind readers tell the seven
  // apart at least as well as the seven of theirs.
  static const std::array<QColor, 7> kColours = {QColor(0xd5, 0x5e, 0x00), QColor(0x2d, 0x96, 0xff),
                                                 QColor(0xa5, 0x87, 0x4b), QColor(0xcc, 0x79, 0xa7),
                                                 QColor(0x00, 0x72, 0xb2), QColor(0x00, 0x9e, 0x73),
                                                 QColor(0x78, 0x3c, 0xff)};
  constexpr std::array<Qt::PenStyle, 4> kDashes = {Qt::SolidLine, Qt::DashLine, Qt::DashDotLine,
                                                   Qt::DotLine};
  constexpr std::array<Mark, 8> kMarks = {Mark::circle,    Mark::square,       Mark::triangle,
                                          Mark::diamond,   Mark::triangleDown, Mark::plus,
                                          Mark::hourglass, Mark::cross};
  // There are twice as many marks as dashes: the ninth run has the first one's mark, and the next
  // dash.
  const std::size_t dash = index + index / kMarks.size();
  return {kColours[index % kColours.size()], kDashes[dash % kDashes.size()],
          kMarks[index % kMarks.size()]};
}

void paintMark(QPainter& painter, Mark mark, const QPointF& at, double radius, const QColor& fill,
               const QPen& outline) {
  painter.setPen(outline);
  painter.setBrush(fill);
  switch (mark) {
    case Mark::circle:
      painter.drawEllipse(at, radius, radius);
      break;
    case Mark::square:
      painter.drawPolygon(polygon(at, 4, 1.25 * radius, 1.25 * radius, std::numbers::pi / 4));
      break;
    case Mark::triangle:
      painter.drawPolygon(polygon(at, 3, 1.3 * radius, 1.3 * radius));
      break;
    case Mark::triangleDown:
      painter.drawPolygon(polygon(at, 3, 1.3 * radius, 1.3 * radius, std::numbers::pi));
      break;
    case Mark::diamond:
      painter.drawPolygon(polygon(at, 4, 1.35 * radius, 1.1 * radius));
      break;
    case Mark::plus:
      painter.drawPolygon(bars(at, radius, 0.0));
      break;
    case Mark::cross:
      painter.drawPolygon(bars(at, radius, std::numbers::pi / 4));
      break;
    case Mark::hourglass:
      painter.drawPolygon(
          QPolygonF{at + QPointF(-radius, -1.2 * radius), at + QPointF(radius, -1.2 * radius),
                    at + QPointF(-radius, 1.2 * radius), at + QPointF(radius, 1.2 * radius)});
      break;
    case Mark::star:
      painter.drawPolygon(polygon(at, 10, 1.6 * radius, 0.7 * radius));
      break;
  }
}

void paintMinimum(QPainter& painter, const QPointF& at, double radius) {
  paintMark(painter, Mark::circle, at, radius, Qt::white, QPen(Qt::black, 0.3 * radius));
  paintMark(painter, Mark::circle, at, 0.35 * radius, Qt::black, Qt::NoPen);
}

void paintMaximum(QPainter& painter, const QPointF& at, double radius) {
  paintMark(painter, Mark::triangle, at, radius, Qt::white, QPen(Qt::black, 0.3 * radius));
}

void paintSaddle(QPainter& painter, const QPointF& at, double radius) {
  paintMark(painter, Mark::diamond, at, radius, QColor(0x22, 0x22, 0x22),
            QPen(Qt::white, 0.28 * radius));
}

}  // namespace tarn::ui
