#pragma once

#include <QColor>
#include <QPen>
#include <QPointF>
#include <cstddef>

class QPainter;

namespace tarn::ui {

enum class Mark { circle, square, triangle, diamond, triangleDown, plus, hourglass, cross, star };

/// How the i-th run looks: colour, dash and mark all differ, so that runs can be told apart in grey
/// and by everyone. There are seven colours, each with a contrast of at least 3:1 to the
/// backgrounds of both themes (WCAG 2.1, criterion 1.4.11). Eight runs have marks of their own; of
/// 32 no two have the same dash and mark.
struct RunLook {
  QColor colour;
  Qt::PenStyle dash;
  Mark mark;
};
RunLook runLook(std::size_t index);

/// Draws a mark of that radius around a point.
void paintMark(QPainter& painter, Mark mark, const QPointF& at, double radius, const QColor& fill,
               const QPen& outline);

/// How minima, maxima and saddles are marked in every 2D figure.
void paintMaximum(QPainter& painter, const QPointF& at, double radius);
void paintMinimum(QPainter& painter, const QPointF& at, double radius);
void paintSaddle(QPainter& painter, const QPointF& at, double radius);

}  // namespace tarn::ui
