#include "ui/figures/line_figure.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <utility>

#include "topology/base/error.h"
#include "ui/figures/legend.h"
#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/scene/critical_points.h"

namespace tarn::ui {
namespace {

LandscapeData requireLine(LandscapeData data) {
  if (data.grid == nullptr || data.grid->dimension() != 1 || data.grid->size() < 2) {
    throw Error(ErrorCode::unsupported,
                "A line needs a grid of one axis with two points or more along it.",
                "Choose a landscape along one direction.");
  }
  return data;
}

PlotScale scaleUp(const HeightMap& heights) {
  if (heights.linear()) {
    const double margin = 0.04 * (heights.high() - heights.low());
    return {ScaleKind::linear, heights.low() - margin, heights.high() + margin};
  }
  const double margin = std::pow(heights.high() / heights.low(), 0.04);
  return {ScaleKind::logarithmic, heights.low() / margin, heights.high() * margin};
}

}  // namespace

LineFigure::LineFigure(LandscapeData data, LandscapeStyle style)
    : data_(requireLine(std::move(data))),
      style_(std::move(style)),
      heights_(data_.grid->values(), style_.height, style_.clip) {}

// There is one coordinate only: runs have no place beside it.
std::vector<LegendEntry> LineFigure::entries(double text) const {
  LandscapeStyle shown = style_;
  shown.trajectories = false;
  return legendEntries(data_, shown, heights_, text);
}

ScaledFrame LineFigure::frame(const QRectF& area) const {
  const double text = fixedText_.value_or(textSize(area.size()));
  const auto& along = data_.grid->axes()[0].coordinates;
  return ScaledFrame::layOut(area, text, {ScaleKind::linear, along.front(), along.back()},
                             scaleUp(heights_), entries(text), !style_.title.empty());
}

std::optional<QPointF> LineFigure::positionOf(const ScaledFrame& frame, std::int64_t vertex) const {
  const double value = data_.grid->value(vertex);
  if (!std::isfinite(value) || (frame.y.kind() == ScaleKind::logarithmic && value <= 0)) {
    return std::nullopt;
  }
  const auto& along = data_.grid->axes()[0].coordinates;
  return frame.at(along[static_cast<std::size_t>(vertex)], std::min(value, heights_.high()));
}

void LineFigure::paintLine(QPainter& painter, const ScaledFrame& frame) const {
  const double text = frame.frame.text;
  std::vector<QPolygonF> pieces(1);
  const auto count = static_cast<std::int64_t>(data_.grid->size());
  for (std::int64_t vertex = 0; vertex < count; ++vertex) {
    if (const auto at = positionOf(frame, vertex)) {
      pieces.back() << *at;
    } else if (!pieces.back().isEmpty()) {
      pieces.emplace_back();
    }
  }
  const QColor colour = runLook(0).colour;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(colour, 0.16 * text, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  for (const QPolygonF& piece : pieces) {
    painter.drawPolyline(piece);
  }
  // What was computed, where there is room to tell it from the line between.
  if (frame.frame.plot.width() > 0.9 * text * static_cast<double>(count)) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (const QPolygonF& piece : pieces) {
      for (const QPointF& at : piece) {
        painter.drawEllipse(at, 0.2 * text, 0.2 * text);
      }
    }
  }
}

void LineFigure::paintMarks(QPainter& painter, const ScaledFrame& frame) const {
  const double text = frame.frame.text;
  if (style_.criticalPoints) {
    for (const CriticalPoint& point : criticalPoints(data_.tree.get(), data_.grid->size())) {
      if (const auto at = positionOf(frame, point.vertex)) {
        point.minimum ? paintMinimum(painter, *at, 0.36 * text)
                      : paintSaddle(painter, *at, 0.36 * text);
      }
    }
  }
  const bool selected = data_.selection && *data_.selection >= 0 &&
                        static_cast<std::size_t>(*data_.selection) < data_.grid->size();
  const auto at = selected ? positionOf(frame, *data_.selection) : std::nullopt;
  if (at) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(paletteOf(style_.theme).selection, 0.2 * text));
    painter.drawEllipse(*at, 0.8 * text, 0.8 * text);
  }
}

void LineFigure::paint(QPainter& painter, const QRectF& area) const {
  const ScaledFrame f = frame(area);
  const Palette palette = paletteOf(style_.theme);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(f.frame.text));
  f.paintGrid(painter, palette);
  paintLine(painter, f);
  paintMarks(painter, f);
  painter.setPen(palette.foreground);
  f.frame.paintAxes(painter, palette, QString::fromStdString(data_.x.text()),
                    QString::fromStdString(data_.quantity), QString::fromStdString(style_.title));
  paintLegend(painter, f.frame.legend, entries(f.frame.text), palette, f.frame.text);
  painter.restore();
}

std::optional<std::int64_t> LineFigure::vertexAt(const QRectF& area,
                                                 const QPointF& position) const {
  const ScaledFrame f = frame(area);
  if (!f.frame.plot.contains(position)) {
    return std::nullopt;
  }
  const double x = f.valueAt(position).x();
  const auto& along = data_.grid->axes()[0].coordinates;
  const auto nearest = std::ranges::min_element(
      along, {}, [x](double coordinate) { return std::abs(coordinate - x); });
  return nearest - along.begin();
}

}  // namespace tarn::ui
