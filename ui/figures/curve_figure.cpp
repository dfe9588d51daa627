#include "ui/figures/curve_figure.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/figures/legend.h"
#include "ui/figures/palette.h"
#include "ui/figures/scaled_frame.h"

namespace tarn::ui {
namespace {

/// The finite values of a part, those above 0 alone where it is logarithmic.
struct Range {
  double low = 0;
  double high = 0;
  bool any = false;

  void add(double value) {
    low = any ? std::min(low, value) : value;
    high = any ? std::max(high, value) : value;
    any = true;
  }
};

/// One scale for all parts, those that are not drawn too.
PlotScale scaleAcross(const CurveData& data, CurveAxis axis) {
  Range range;
  range.add(0);
  for (const CurvePart part : allCurveParts()) {
    for (const CurveLine& line : curveLines(data, part, 0)) {
      for (std::size_t i = 0; i < line.points->values.size(); ++i) {
        if (const double x = line.abscissa(i, axis); std::isfinite(x)) {
          range.add(x);
        }
      }
    }
  }
  return {ScaleKind::linear, range.low, range.high};
}

/// From the values as they were measured: smoothed ones lie between them.
PlotScale scaleUp(const std::vector<CurveLine>& lines, CurvePart part, bool logarithmic) {
  // An SMAD of 0, that of a single basin, is a value like others.
  const bool log = logarithmic && part != CurvePart::accuracy && part != CurvePart::smad;
  Range all;
  Range positive;
  for (const CurveLine& line : lines) {
    for (const double value : line.points->values) {
      if (std::isfinite(value)) {
        all.add(value);
        if (value > 0) {
          positive.add(value);
        }
      }
    }
  }
  if (log && positive.any) {
    const double margin = std::pow(positive.high / positive.low, 0.04);
    return {ScaleKind::logarithmic, positive.low / margin, positive.high * margin};
  }
  if (all.low == all.high) {  // a constant is seen beside 0, and 0 beside 1
    all.add(0);
    all.high = all.low == all.high ? 1 : all.high;
  }
  const double margin = 0.04 * (all.high - all.low);
  // What cannot be negative has its axis end at 0 when it comes near it.
  const bool fromZero = all.low >= 0 && all.low < 0.3 * all.high;
  return {ScaleKind::linear, fromZero ? 0.0 : all.low - margin, all.high + margin};
}

}  // namespace

QString curveTitle(CurvePart part) {
  switch (part) {
    case CurvePart::loss:
      return QStringLiteral("Loss");
    case CurvePart::accuracy:
      return QStringLiteral("Accuracy");
    case CurvePart::gradientNorm:
      return QStringLiteral("Norm of the gradient");
    case CurvePart::stepNorm:
      return QStringLiteral("Length of a step");
    case CurvePart::rate:
      return QStringLiteral("Learning rate");
    case CurvePart::smad:
      break;
  }
  return QStringLiteral("SMAD around the snapshots");
}

/// Where everything stands.
struct CurveFigure::Panels {
  double text = 0;
  QRectF legend;
  std::vector<LegendEntry> entries;
  std::vector<ScaledFrame> frames;  ///< one for each part
};

CurveFigure::CurveFigure(CurveDataPtr data, const std::vector<CurvePart>& parts, CurveStyle style)
    : data_(std::move(data)), style_(std::move(style)) {
  for (const CurvePart part : parts) {
    if (data_->has(part)) {
      parts_.push_back(part);
      lines_.push_back(curveLines(*data_, part, style_.smoothing));
    }
  }
}

// Side by side in a wide area, below each other in a narrow one; the last of an odd number has its
// row for itself.
CurveFigure::Panels CurveFigure::layOut(const QRectF& area) const {
  Panels panels;
  const double shrink = parts_.size() > 1 ? 0.85 : 1.0;
  panels.text = fixedText_.value_or(shrink * textSize(area.size()));
  const double text = panels.text;
  panels.entries = curveLegend(*data_, lines_, paletteOf(style_.theme), text);
  const double width = area.width() - 1.6 * text;
  const double height = legendHeight(panels.entries, width, text);
  double top = area.top() + (style_.title.empty() ? 0.0 : 2.4 * text);
  // A legend of many runs must not push the curves out of a small window.
  if (height <= 0.3 * area.height()) {
    panels.legend = QRectF(area.left() + 0.8 * text, top + 0.5 * text, width, height);
    top += height + 0.7 * text;
  }
  const QRectF inside(QPointF(area.left(), top), area.bottomRight());
  const std::size_t count = parts_.size();
  const bool wide = inside.width() >= 1.1 * inside.height();
  const std::size_t columns = count >= 5 && wide ? 3 : count >= 2 && (wide || count >= 4) ? 2 : 1;
  const std::size_t rows = (count + columns - 1) / std::max<std::size_t>(columns, 1);
  const PlotScale across = scaleAcross(*data_, style_.axis);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = i / columns;
    const std::size_t here = row + 1 == rows ? count - row * columns : columns;
    const QSizeF size(inside.width() / static_cast<double>(here),
                      inside.height() / static_cast<double>(rows));
    const QPointF corner(inside.left() + size.width() * static_cast<double>(i % columns),
                         inside.top() + size.height() * static_cast<double>(row));
    panels.frames.push_back(ScaledFrame::layOut(QRectF(corner, size), text, across,
                                                scaleUp(lines_[i], parts_[i], style_.logarithmic),
                                                {}, true));
  }
  return panels;
}

void CurveFigure::paint(QPainter& painter, const QRectF& area) const {
  const Panels panels = layOut(area);
  const double text = panels.text;
  const Palette palette = paletteOf(style_.theme);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(text));
  painter.setPen(palette.foreground);
  paintTitle(painter, area, QString::fromStdString(style_.title), 1.15 * text);
  paintLegend(painter, panels.legend, panels.entries, palette, text);
  const QString across =
      style_.axis == CurveAxis::step ? QStringLiteral("step") : QStringLiteral("epoch");
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const ScaledFrame& frame = panels.frames[i];
    frame.paintGrid(painter, palette);
    painter.save();
    painter.setClipRect(frame.frame.plot, Qt::IntersectClip);
    paintCurveLines(painter, lines_[i], frame, style_.axis, data_->runs.size(), palette, text);
    painter.restore();
    painter.setPen(palette.foreground);
    frame.frame.paintAxes(painter, palette, across, {}, curveTitle(parts_[i]));
  }
  painter.restore();
}

std::optional<CurveHit> CurveFigure::hitAt(const QRectF& area, const QPointF& position) const {
  const Panels panels = layOut(area);
  double best = 1.2 * panels.text;
  std::optional<CurveHit> found;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const ScaledFrame& frame = panels.frames[p];
    if (!frame.frame.plot.contains(position)) {
      continue;
    }
    for (const CurveLine& line : lines_[p]) {
      for (std::size_t i = 0; i < line.points->values.size(); ++i) {
        const double x = line.abscissa(i, style_.axis);
        const double distance =
            std::min(QLineF(frame.at(x, line.points->values[i]), position).length(),
                     QLineF(frame.at(x, line.shown()[i]), position).length());
        if (distance < best) {
          best = distance;
          found = CurveHit{
              line.run, parts_[p], line.heldOut, line.points->steps[i], line.points->values[i], {}};
          if (!line.average.empty()) {
            found->average = line.average[i];
          }
        }
      }
    }
  }
  return found;
}

std::optional<QPointF> CurveFigure::positionOf(const QRectF& area, const CurveHit& hit) const {
  const auto part = static_cast<std::size_t>(std::ranges::find(parts_, hit.part) - parts_.begin());
  if (part == parts_.size()) {
    return std::nullopt;
  }
  for (const CurveLine& line : lines_[part]) {
    const auto step = std::ranges::find(line.points->steps, hit.step);
    if (line.run == hit.run && line.heldOut == hit.heldOut && step != line.points->steps.end()) {
      const auto i = static_cast<std::size_t>(step - line.points->steps.begin());
      return layOut(area).frames[part].at(line.abscissa(i, style_.axis), line.points->values[i]);
    }
  }
  return std::nullopt;
}

}  // namespace tarn::ui
