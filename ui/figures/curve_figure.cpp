#include "ui/figures/curve_figure.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "ui/figures/legend.h"
#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/figures/scaled_frame.h"

namespace tarn::ui {
namespace {

constexpr double kMarkEvery = 6.0;  // in text sizes along a curve

double abscissa(const CurvePoints& curve, std::size_t i, CurveAxis axis) {
  return axis == CurveAxis::step ? curve.steps[i] : curve.epochs[i];
}

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

template <typename Take>
void eachCurve(const CurveData& data, CurvePart part, Take take) {
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    take(i, data.runs[i].of(part), false);
    if (const CurvePoints* heldOut = data.runs[i].heldOut(part)) {
      take(i, *heldOut, true);
    }
  }
}

PlotScale scaleAcross(const CurveData& data, CurveAxis axis) {
  Range range;
  range.add(0);
  for (const CurvePart part : allCurveParts()) {
    eachCurve(data, part, [&](std::size_t, const CurvePoints& curve, bool) {
      for (std::size_t i = 0; i < curve.values.size(); ++i) {
        if (const double x = abscissa(curve, i, axis); std::isfinite(x)) {
          range.add(x);
        }
      }
    });
  }
  return {ScaleKind::linear, range.low, range.high};
}

PlotScale scaleUp(const CurveData& data, CurvePart part, bool logarithmic) {
  const bool log = logarithmic && part != CurvePart::accuracy;
  Range all;
  Range positive;
  eachCurve(data, part, [&](std::size_t, const CurvePoints& curve, bool) {
    for (const double value : curve.values) {
      if (std::isfinite(value)) {
        all.add(value);
        if (value > 0) {
          positive.add(value);
        }
      }
    }
  });
  if (log && positive.any) {
    const double margin = std::pow(positive.high / positive.low, 0.04);
    return {ScaleKind::logarithmic, positive.low / margin, positive.high * margin};
  }
  const double margin = 0.04 * (all.high - all.low);
  // What cannot be negative has its axis end at 0 when it comes near it.
  const bool fromZero = all.low >= 0 && all.low < 0.3 * all.high;
  return {ScaleKind::linear, fromZero ? 0.0 : all.low - margin, all.high + margin};
}

/// The pieces of a curve between its gaps.
std::vector<QPolygonF> piecesOf(const CurvePoints& curve, const ScaledFrame& frame,
                                CurveAxis axis) {
  std::vector<QPolygonF> pieces(1);
  const bool log = frame.y.kind() == ScaleKind::logarithmic;
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    const double value = curve.values[i];
    if (std::isfinite(value) && (!log || value > 0)) {
      pieces.back() << frame.at(abscissa(curve, i, axis), value);
    } else if (!pieces.back().isEmpty()) {
      pieces.emplace_back();
    }
  }
  return pieces;
}

QPen lineOf(const RunLook& look, double width) {
  return {look.colour, width, look.dash, Qt::FlatCap, Qt::RoundJoin};
}

/// Marks along a curve, those of other runs between them.
void paintMarks(QPainter& painter, const std::vector<QPolygonF>& pieces, std::size_t run,
                std::size_t runs, bool hollow, const Palette& palette, double text) {
  const RunLook look = runLook(run);
  const double every = kMarkEvery * text;
  double next = pieces.front().isEmpty() ? 0 : pieces.front().front().x();
  next += every * (static_cast<double>(run) + 0.5) /
          static_cast<double>(std::max<std::size_t>(runs, 1));
  for (const QPolygonF& piece : pieces) {
    for (const QPointF& at : piece) {
      if (at.x() >= next) {
        paintMark(painter, look.mark, at, 0.28 * text, hollow ? palette.background : look.colour,
                  QPen(hollow ? look.colour : palette.background, (hollow ? 0.13 : 0.07) * text));
        next = at.x() + every;
      }
    }
  }
}

std::vector<LegendEntry> entriesOf(const CurveData& data, const Palette& palette, double text) {
  std::vector<LegendEntry> entries;
  for (const RunCurves& run : data.runs) {
    entries.push_back(
        {QString::fromStdString(run.name), 2.8,
         [look = runLook(run.look), palette, text](QPainter& painter, const QRectF& area) {
           painter.setPen(lineOf(look, 0.16 * text));
           painter.drawLine(QPointF(area.left(), area.center().y()),
                            QPointF(area.right(), area.center().y()));
           paintMark(painter, look.mark, area.center(), 0.3 * text, look.colour,
                     QPen(palette.background, 0.07 * text));
         }});
  }
  if (data.hasHeldOut()) {
    entries.push_back({QStringLiteral("on samples held out"), 2.8,
                       [palette, text](QPainter& painter, const QRectF& area) {
                         painter.setPen(QPen(palette.muted, 0.09 * text));
                         painter.drawLine(QPointF(area.left(), area.center().y()),
                                          QPointF(area.right(), area.center().y()));
                         paintMark(painter, Mark::circle, area.center(), 0.28 * text,
                                   palette.background, QPen(palette.muted, 0.13 * text));
                       }});
  }
  return entries;
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
      break;
  }
  return QStringLiteral("Learning rate");
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
  panels.entries = entriesOf(*data_, paletteOf(style_.theme), text);
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
                                                scaleUp(*data_, parts_[i], style_.logarithmic), {},
                                                true));
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
    const auto paintCurves = [&](bool heldOutOnes) {
      eachCurve(*data_, parts_[i], [&](std::size_t run, const CurvePoints& curve, bool heldOut) {
        if (heldOut != heldOutOnes) {
          return;
        }
        const auto pieces = piecesOf(curve, frame, style_.axis);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(lineOf(runLook(data_->runs[run].look), (heldOut ? 0.08 : 0.15) * text));
        for (const QPolygonF& piece : pieces) {
          painter.drawPolyline(piece);
        }
        paintMarks(painter, pieces, data_->runs[run].look, data_->runs.size(), heldOut, palette,
                   text);
      });
    };
    paintCurves(false);
    paintCurves(true);
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
    eachCurve(*data_, parts_[p], [&](std::size_t run, const CurvePoints& curve, bool heldOut) {
      for (std::size_t i = 0; i < curve.values.size(); ++i) {
        const QPointF at = frame.at(abscissa(curve, i, style_.axis), curve.values[i]);
        if (const double distance = QLineF(at, position).length(); distance < best) {
          best = distance;
          found = CurveHit{run, parts_[p], heldOut, curve.steps[i], curve.values[i]};
        }
      }
    });
  }
  return found;
}

std::optional<QPointF> CurveFigure::positionOf(const QRectF& area, const CurveHit& hit) const {
  const auto part = std::ranges::find(parts_, hit.part);
  if (part == parts_.end() || hit.run >= data_->runs.size()) {
    return std::nullopt;
  }
  const RunCurves& run = data_->runs[hit.run];
  const CurvePoints* curve = hit.heldOut ? run.heldOut(hit.part) : &run.of(hit.part);
  const auto step = curve == nullptr ? std::vector<double>::const_iterator()
                                     : std::ranges::find(curve->steps, hit.step);
  if (curve == nullptr || step == curve->steps.end()) {
    return std::nullopt;
  }
  const auto i = static_cast<std::size_t>(step - curve->steps.begin());
  const Panels panels = layOut(area);
  return panels.frames[static_cast<std::size_t>(part - parts_.begin())].at(
      abscissa(*curve, i, style_.axis), curve->values[i]);
}

}  // namespace tarn::ui
