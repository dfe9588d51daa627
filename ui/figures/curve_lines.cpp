#include "ui/figures/curve_lines.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"
#include "ui/figures/scaled_frame.h"
#include "ui/scene/curve_smoothing.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

constexpr double kMarkEvery = 6.0;  // in text sizes along a curve
constexpr double kPale = 0.35;      // the share of its colour that a pale line keeps

/// The pieces of a curve between its gaps.
std::vector<QPolygonF> piecesOf(const CurveLine& line, const std::vector<double>& values,
                                const ScaledFrame& frame, CurveAxis axis) {
  std::vector<QPolygonF> pieces(1);
  const bool log = frame.y.kind() == ScaleKind::logarithmic;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && (!log || values[i] > 0)) {
      pieces.back() << frame.at(line.abscissa(i, axis), values[i]);
    } else if (!pieces.back().isEmpty()) {
      pieces.emplace_back();
    }
  }
  return pieces;
}

void paintPieces(QPainter& painter, const std::vector<QPolygonF>& pieces, const QPen& pen) {
  painter.setBrush(Qt::NoBrush);
  painter.setPen(pen);
  for (const QPolygonF& piece : pieces) {
    painter.drawPolyline(piece);
  }
}

/// Opaque, so that a line which crosses itself often is not darker there.
QColor paler(const QColor& colour, const QColor& background) {
  const auto mixed = [](float a, float b) {
    return static_cast<float>(kPale) * a + static_cast<float>(1 - kPale) * b;
  };
  return QColor::fromRgbF(mixed(colour.redF(), background.redF()),
                          mixed(colour.greenF(), background.greenF()),
                          mixed(colour.blueF(), background.blueF()));
}

QPen paleLine(const QColor& colour, const QColor& background, double text) {
  return {paler(colour, background), 0.08 * text, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin};
}

QPen lineOf(const RunLook& look, double width) {
  return {look.colour, width, look.dash, Qt::FlatCap, Qt::RoundJoin};
}

/// Marks along a curve, those of other runs between them.
void paintMarks(QPainter& painter, const std::vector<QPolygonF>& pieces, const CurveLine& line,
                std::size_t runs, const Palette& palette, double text) {
  const RunLook look = runLook(line.look);
  const bool hollow = line.heldOut;
  const double every = kMarkEvery * text;
  double next = pieces.front().isEmpty() ? 0 : pieces.front().front().x();
  next += every * (static_cast<double>(line.look) + 0.5) /
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

void paintLegendLine(QPainter& painter, const QRectF& area, const QPen& pen) {
  painter.setPen(pen);
  painter.drawLine(QPointF(area.left(), area.center().y()),
                   QPointF(area.right(), area.center().y()));
}

}  // namespace

std::vector<CurveLine> curveLines(const CurveData& data, CurvePart part,
                                  std::optional<double> smoothing) {
  std::vector<CurveLine> lines;
  const auto add = [&](std::size_t run, const CurvePoints& points, bool heldOut) {
    const double by = smoothingOf(points, part, heldOut, smoothing);
    lines.push_back({run, data.runs[run].look, heldOut, &points,
                     by > 0 ? smoothed(points.values, by) : std::vector<double>(), by});
  };
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    add(i, data.runs[i].of(part), false);
    if (const CurvePoints* heldOut = data.runs[i].heldOut(part)) {
      add(i, *heldOut, true);
    }
  }
  return lines;
}

void paintCurveLines(QPainter& painter, const std::vector<CurveLine>& lines,
                     const ScaledFrame& frame, CurveAxis axis, std::size_t runs,
                     const Palette& palette, double text) {
  for (const CurveLine& line : lines) {
    if (!line.average.empty()) {
      paintPieces(painter, piecesOf(line, line.points->values, frame, axis),
                  paleLine(runLook(line.look).colour, palette.background, text));
    }
  }
  for (const bool heldOut : {false, true}) {
    for (const CurveLine& line : lines) {
      if (line.heldOut == heldOut) {
        const auto pieces = piecesOf(line, line.shown(), frame, axis);
        paintPieces(painter, pieces, lineOf(runLook(line.look), (heldOut ? 0.08 : 0.15) * text));
        paintMarks(painter, pieces, line, runs, palette, text);
      }
    }
  }
}

std::vector<LegendEntry> curveLegend(const CurveData& data,
                                     const std::vector<std::vector<CurveLine>>& parts,
                                     const Palette& palette, double text) {
  std::vector<LegendEntry> entries;
  entries.reserve(data.runs.size() + 2);
  for (const RunCurves& run : data.runs) {
    entries.push_back(
        {QString::fromStdString(run.name), 2.8,
         [look = runLook(run.look), palette, text](QPainter& painter, const QRectF& area) {
           paintLegendLine(painter, area, lineOf(look, 0.16 * text));
           paintMark(painter, look.mark, area.center(), 0.3 * text, look.colour,
                     QPen(palette.background, 0.07 * text));
         }});
  }
  if (data.hasHeldOut()) {
    entries.push_back({QStringLiteral("on samples held out"), 2.8,
                       [palette, text](QPainter& painter, const QRectF& area) {
                         paintLegendLine(painter, area, QPen(palette.muted, 0.09 * text));
                         paintMark(painter, Mark::circle, area.center(), 0.28 * text,
                                   palette.background, QPen(palette.muted, 0.13 * text));
                       }});
  }
  double smoothing = 0;  // the same wherever there is any
  for (const std::vector<CurveLine>& part : parts) {
    for (const CurveLine& line : part) {
      smoothing = line.average.empty() ? smoothing : line.smoothing;
    }
  }
  if (smoothing > 0) {
    entries.push_back({QStringLiteral("before smoothing by %1")
                           .arg(QString::fromStdString(formatNumber(smoothing, 3))),
                       2.8, [palette, text](QPainter& painter, const QRectF& area) {
                         paintLegendLine(painter, area,
                                         paleLine(palette.foreground, palette.background, text));
                       }});
  }
  return entries;
}

}  // namespace tarn::ui
