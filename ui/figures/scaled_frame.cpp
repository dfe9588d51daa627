#include "ui/figures/scaled_frame.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace tarn::ui {
namespace {

double widestLabel(const std::vector<Tick>& ticks, double text) {
  const QFontMetricsF metrics(figureFont(text));
  double width = 0.0;
  for (const Tick& tick : ticks) {
    width = std::max(width, metrics.horizontalAdvance(QString::fromStdString(tick.label)));
  }
  return width;
}

std::vector<Tick> upright(const PlotScale& y, double height, double text) {
  return y.ticks(std::clamp(static_cast<int>(height / (3.0 * text)), 2, 8));
}

/// As many as do not run into each other.
std::vector<Tick> across(const PlotScale& x, double width, double text) {
  for (int about = std::clamp(static_cast<int>(width / (3.2 * text)), 2, 9);; --about) {
    std::vector<Tick> ticks = x.ticks(about);
    const double needed = widestLabel(ticks, text) + text;
    if (about <= 2 || static_cast<double>(ticks.size()) * needed <= width) {
      return ticks;
    }
  }
}

}  // namespace

ScaledFrame::ScaledFrame(const QRectF& area, const QRectF& plot, double text, const PlotScale& xs,
                         const PlotScale& ys)
    : x(xs), y(ys) {
  frame.text = text;
  frame.area = area;
  frame.plot = plot;
  frame.xTicks = across(x, plot.width(), text);
  frame.yTicks = upright(y, plot.height(), text);
  const double left = x.place(x.low());
  const double bottom = y.place(y.low());
  frame.toPosition.translate(plot.left(), plot.bottom());
  frame.toPosition.scale(plot.width() / (x.place(x.high()) - left),
                         -plot.height() / (y.place(y.high()) - bottom));
  frame.toPosition.translate(-left, -bottom);
}

ScaledFrame ScaledFrame::layOut(const QRectF& area, double text, const PlotScale& x,
                                const PlotScale& y, const std::vector<LegendEntry>& entries,
                                bool titled, int linesAbove) {
  const double margin = 0.8 * text;
  const double legendTop =
      area.top() + margin + (titled ? 1.9 * text : 0.0) + 1.5 * text * linesAbove;
  const double bottom = area.bottom() - 4.1 * text;
  const double width = area.width() - 2 * margin;
  const double height = legendHeight(entries, width, text);
  double top = legendTop;
  QRectF legend;
  if (!entries.empty() && bottom - legendTop - height >= kLeastPlot * text) {
    legend = QRectF(area.left() + margin, legendTop, width, height);
    top += height + 0.5 * text;
  }
  const double tall = std::max(bottom - top, 1.0);
  const double left = area.left() + margin + 2.7 * text + widestLabel(upright(y, tall, text), text);
  // Half of the last label stands beyond its tick.
  const double right = std::max(area.right() - margin - 1.2 * text, left + 1.0);
  ScaledFrame result(area, QRectF(left, top, right - left, tall), text, x, y);
  result.frame.legend = legend;
  if (!legend.isNull() && legendHeight(entries, legend.right() - left, text) <= height) {
    result.frame.legend.setLeft(left);
  }
  return result;
}

QPointF ScaledFrame::at(double xValue, double yValue) const {
  const auto bounded = [](double position) {
    constexpr double kFar = 1e5;
    return std::isnan(position) ? -kFar : std::clamp(position, -kFar, kFar);
  };
  const QPointF place = frame.toPosition.map(QPointF(x.place(xValue), y.place(yValue)));
  return {bounded(place.x()), bounded(place.y())};
}

QPointF ScaledFrame::valueAt(const QPointF& position) const {
  const QPointF place = frame.toPosition.inverted().map(position);
  return {x.value(place.x()), y.value(place.y())};
}

void ScaledFrame::paintGrid(QPainter& painter, const Palette& palette) const {
  painter.save();
  painter.setPen(QPen(palette.grid, 0.06 * frame.text));
  for (const Tick& tick : frame.xTicks) {
    const double at = frame.x(tick.value);
    painter.drawLine(QPointF(at, frame.plot.top()), QPointF(at, frame.plot.bottom()));
  }
  for (const Tick& tick : frame.yTicks) {
    const double at = frame.y(tick.value);
    painter.drawLine(QPointF(frame.plot.left(), at), QPointF(frame.plot.right(), at));
  }
  painter.restore();
}

}  // namespace tarn::ui
