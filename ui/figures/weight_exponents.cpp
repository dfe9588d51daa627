#include "ui/figures/weight_exponents.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"

namespace tarn::ui {

ScaledFrame exponentFrame(const SpectrumData& data, const QRectF& area, double text, bool titled) {
  double low = 0.0;
  double high = 0.0;
  double widest = 0.0;
  const QFontMetricsF metrics(figureFont(text));
  for (const WeightSpectrum& one : data.weights) {
    for (const double alpha : {one.alphaKs, one.alphaHill}) {
      if (alpha > 0) {
        low = low == 0 ? alpha : std::min(low, alpha);
        high = std::max(high, alpha);
      }
    }
    widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(one.title())));
  }
  const double margin = std::max(0.1 * (high - low), 0.1);
  const double top = area.top() + 0.8 * text + (titled ? 1.9 * text : 0.0) + 3.4 * text;
  const double bottom = std::max(area.bottom() - 4.1 * text, top + 1.0);
  const double left = area.left() + text + std::min(widest, 0.45 * area.width());
  const QRectF plot(QPointF(left, top), QPointF(area.right() - 1.2 * text, bottom));
  ScaledFrame frame(
      area, plot, text, PlotScale(ScaleKind::linear, low - margin, high + margin),
      PlotScale(ScaleKind::linear, 0.5 - static_cast<double>(data.weights.size()), 0.5));
  frame.frame.yTicks.clear();
  return frame;
}

void paintExponents(QPainter& painter, const ScaledFrame& frame, const SpectrumData& data,
                    std::size_t highlighted, const Palette& palette) {
  const double text = frame.frame.text;
  const std::size_t count = data.weights.size();
  const double pitch = frame.frame.plot.height() / static_cast<double>(count);
  const auto stride = static_cast<std::size_t>(std::max(1.0, std::ceil(1.25 * text / pitch)));
  const double r = std::clamp(0.3 * pitch, 0.12 * text, 0.36 * text);
  frame.paintGrid(painter, palette);
  painter.setFont(figureFont(text));
  for (std::size_t i = 0; i < count; ++i) {
    const WeightSpectrum& one = data.weights[i];
    const double y = frame.at(frame.x.low(), -static_cast<double>(i)).y();
    if (i == highlighted) {
      QColor behind = palette.selection;
      behind.setAlpha(40);
      painter.fillRect(
          QRectF(frame.frame.plot.left(), y - pitch / 2, frame.frame.plot.width(), pitch), behind);
    }
    if (one.alphaHill > 0) {
      paintMark(painter, Mark::square, frame.at(one.alphaHill, -static_cast<double>(i) - 0.16),
                0.8 * r, runLook(3).colour, Qt::NoPen);
    }
    if (one.alphaKs > 0) {
      paintMark(painter, Mark::circle, frame.at(one.alphaKs, -static_cast<double>(i) + 0.16), r,
                runLook(0).colour, Qt::NoPen);
    }
    if (i % stride == 0 || i == highlighted) {
      const double width = frame.frame.plot.left() - frame.frame.area.left() - 0.6 * text;
      painter.setPen(i == highlighted ? palette.selection : palette.foreground);
      painter.drawText(QRectF(frame.frame.area.left(), y - text, width, 2 * text),
                       Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                       fitted(QString::fromStdString(one.title()), painter.font(), width));
    }
  }
  frame.frame.paintAxes(painter, palette, QStringLiteral("α: ● power law, ■ Hill"), {}, {});
}

}  // namespace tarn::ui
