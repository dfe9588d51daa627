#include "ui/figures/colour_bar.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace tarn::ui {
namespace {

constexpr double kBar = 1.3;  // in text sizes, as everything here
constexpr double kTickLength = 0.35;
constexpr double kBarGap = 0.25;

std::vector<Tick> barTicks(const ColourBar& bar, double height, double size) {
  return bar.heights->ticks(std::clamp(static_cast<int>(height / (2.6 * size)), 2, 12));
}

double labelsWidth(const std::vector<Tick>& ticks, double size) {
  const QFontMetricsF metrics(figureFont(size));
  double width = 0.0;
  for (const Tick& tick : ticks) {
    width = std::max(width, metrics.horizontalAdvance(QString::fromStdString(tick.label)));
  }
  return width;
}

void paintBands(QPainter& painter, const QRectF& rect, const ColourBar& bar) {
  std::vector<double> borders = {0.0};
  if (bar.levels.empty()) {
    for (int i = 1; i < 128; ++i) {
      borders.push_back(i / 128.0);
    }
  } else {
    borders.insert(borders.end(), bar.levels.begin(), bar.levels.end());
  }
  // Each band reaches up to the top, the next covers it: no gaps between them.
  for (std::size_t i = 0; i < borders.size(); ++i) {
    const double next = i + 1 < borders.size() ? borders[i + 1] : 1.0;
    painter.fillRect(
        QRectF(rect.left(), rect.top(), rect.width(), rect.height() * (1.0 - borders[i])),
        toColour(bar.colours->at(bar.mapFrom + (1.0 - bar.mapFrom) * (borders[i] + next) / 2)));
  }
}

}  // namespace

double colourBarWidth(const ColourBar& bar, double height, double size) {
  const double caption = bar.caption.isEmpty() ? 0.0 : 1.7 * size;
  return (kBar + kTickLength + kBarGap) * size + labelsWidth(barTicks(bar, height, size), size) +
         caption;
}

void paintColourBar(QPainter& painter, const QRectF& area, const ColourBar& bar,
                    const Palette& palette, double size) {
  if (area.isNull()) {
    return;
  }
  painter.save();
  painter.setFont(figureFont(size));
  const QRectF rect(area.left(), area.top(), kBar * size, area.height());
  paintBands(painter, rect, bar);
  const QPen pen(palette.foreground, 0.08 * size);
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(rect);
  const std::vector<Tick> ticks = barTicks(bar, area.height(), size);
  const double labelLeft = rect.right() + (kTickLength + kBarGap) * size;
  const double width = labelsWidth(ticks, size);
  for (const Tick& tick : ticks) {
    const double y = rect.bottom() - rect.height() * bar.heights->unit(tick.value);
    painter.drawLine(QPointF(rect.right(), y), QPointF(rect.right() + kTickLength * size, y));
    QString label = QString::fromStdString(tick.label);
    painter.drawText(QRectF(labelLeft, y - size, width + size, 2 * size),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, label);
  }
  if (!bar.caption.isEmpty()) {
    painter.translate(labelLeft + width + 1.1 * size, rect.center().y());
    painter.rotate(90);
    painter.drawText(QRectF(-rect.height() / 2, -size, rect.height(), 2 * size),
                     Qt::AlignCenter | Qt::TextDontClip,
                     fitted(bar.caption, painter.font(), rect.height()));
  }
  painter.restore();
}

}  // namespace tarn::ui
