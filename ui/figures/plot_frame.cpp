#include "ui/figures/plot_frame.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace tarn::ui {

PlotFrame PlotFrame::layOut(const QRectF& area, double size, const PlaneView& view,
                            const std::vector<LegendEntry>& entries, const ColourBar* bar,
                            bool titled) {
  PlotFrame frame;
  frame.text = size;
  frame.area = area;
  const auto& xs = view.x;
  const auto& ys = view.y;
  const double margin = 0.8 * size;

  const double legendWidth = area.width() - 2 * margin;
  const double legendHeightHere = legendHeight(entries, legendWidth, size);
  const double legendTop = area.top() + margin + (titled ? 1.9 * size : 0.0);
  const double lowest = area.bottom() - 4.1 * size;
  double top = legendTop;
  const double below = legendTop + legendHeightHere + 0.5 * size;
  if (!entries.empty() && lowest - below >= kLeastPlot * size) {
    frame.legend = QRectF(area.left() + margin, legendTop, legendWidth, legendHeightHere);
    top = below;
  }
  const double bottom = std::max(lowest, top + 1.0);
  const double height = bottom - top;

  frame.yTicks =
      roundTicks(ys.front(), ys.back(), std::clamp(static_cast<int>(height / (3.5 * size)), 2, 8));
  const QFontMetricsF metrics(figureFont(size));
  const auto widest = [&](const std::vector<Tick>& ticks) {
    double width = 0.0;
    for (const Tick& tick : ticks) {
      width = std::max(width, metrics.horizontalAdvance(QString::fromStdString(tick.label)));
    }
    return width;
  };
  const double left = area.left() + margin + 2.7 * size + widest(frame.yTicks);
  double right = area.right() - margin;
  const double gap = 1.2 * size;
  const double barWidth = bar != nullptr ? colourBarWidth(*bar, height, size) : 0.0;
  if (bar != nullptr && right - barWidth - gap - left >= kLeastPlot * size) {
    frame.bar = QRectF(right - barWidth, top, barWidth, height);
    right -= barWidth + gap;
  }
  right = std::max(right, left + 1.0);
  frame.plot = QRectF(QPointF(left, top), QPointF(right, bottom));

  // The legend starts at the plot, unless it then takes more rows.
  if (!frame.legend.isNull() &&
      legendHeight(entries, frame.legend.right() - left, size) <= legendHeightHere) {
    frame.legend.setLeft(left);
  }

  int about = std::clamp(static_cast<int>(frame.plot.width() / (4.5 * size)), 2, 9);
  do {
    frame.xTicks = roundTicks(xs.front(), xs.back(), about);
  } while (static_cast<double>(frame.xTicks.size()) * (widest(frame.xTicks) + 1.2 * size) >
               frame.plot.width() &&
           --about > 1);

  // The last label is centred on its tick: it must not be cut off.
  if (!frame.xTicks.empty()) {
    const double share = (frame.xTicks.back().value - xs.front()) / (xs.back() - xs.front());
    const double end = left + share * frame.plot.width() + widest({frame.xTicks.back()}) / 2;
    const double over = std::max(end + 0.2 * size - area.right(), 0.0);
    frame.plot.setRight(std::max(right - over, left + 1.0));
  }

  frame.toPosition.translate(left, bottom);
  frame.toPosition.scale(frame.plot.width() / (xs.back() - xs.front()),
                         -height / (ys.back() - ys.front()));
  frame.toPosition.translate(-xs.front(), -ys.front());
  return frame;
}

void PlotFrame::paintAxes(QPainter& painter, const Palette& palette, const QString& xCaption,
                          const QString& yCaption, const QString& title) const {
  const double tick = 0.4 * text;
  constexpr int kCentre = Qt::AlignCenter | Qt::TextDontClip;
  painter.save();
  painter.setFont(figureFont(text));
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(palette.foreground, 0.08 * text));
  painter.drawRect(plot);
  for (const Tick& t : xTicks) {
    const double x = this->x(t.value);
    painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + tick));
    painter.drawText(QRectF(x - 8 * text, plot.bottom() + tick, 16 * text, 1.6 * text), kCentre,
                     QString::fromStdString(t.label));
  }
  for (const Tick& t : yTicks) {
    const double y = this->y(t.value);
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.left() - tick, y));
    painter.drawText(
        QRectF(area.left(), y - text, plot.left() - area.left() - 1.7 * tick, 2 * text),
        Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, QString::fromStdString(t.label));
  }
  painter.drawText(QRectF(plot.left(), plot.bottom() + 2.0 * text, plot.width(), 1.8 * text),
                   kCentre, fitted(xCaption, painter.font(), plot.width()));
  painter.save();
  painter.translate(area.left() + 1.4 * text, plot.center().y());
  painter.rotate(-90);
  painter.drawText(QRectF(-plot.height() / 2, -text, plot.height(), 2 * text), kCentre,
                   fitted(yCaption, painter.font(), plot.height()));
  painter.restore();
  paintTitle(painter, area, title, text);
  painter.restore();
}

}  // namespace tarn::ui
