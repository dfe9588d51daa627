#include "ui/figures/basins_figure.h"

#include <QPainter>
#include <QPainterPath>

#include "topology/base/error.h"
#include "ui/figures/marks.h"
#include "ui/scene/critical_points.h"

namespace tarn::ui {
namespace {

std::vector<double> edgesOf(const std::vector<double>& coordinates) {
  std::vector<double> edges{coordinates.front()};
  for (std::size_t i = 1; i < coordinates.size(); ++i) {
    edges.push_back((coordinates[i - 1] + coordinates[i]) / 2);
  }
  edges.push_back(coordinates.back());
  return edges;
}

LandscapeData requireBasins(LandscapeData data) {
  const bool plane = data.grid != nullptr && data.grid->dimension() == 2 &&
                     data.grid->shape()[0] > 1 && data.grid->shape()[1] > 1;
  if (!plane || data.tree == nullptr) {
    throw Error(ErrorCode::unsupported,
                "A picture of basins needs a grid of two axes with two points or more along each.",
                "Choose a landscape along two directions.");
  }
  return data;
}

std::vector<double> minimaOf(const MergeTree& tree) {
  std::vector<double> values;
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    values.push_back(tree.nodes[i].value);
  }
  return values;
}

}  // namespace

BasinsFigure::BasinsFigure(LandscapeData data, std::vector<std::int32_t> basinOfVertex,
                           LandscapeStyle style)
    : data_(requireBasins(std::move(data))),
      basinOfVertex_(std::move(basinOfVertex)),
      style_(std::move(style)),
      minima_(minimaOf(*data_.tree)),
      heights_(minima_, style_.height, style_.clip),
      colours_(style_.colourMap, style_.reverseColours),
      xEdges_(edgesOf(data_.grid->axes()[1].coordinates)),
      yEdges_(edgesOf(data_.grid->axes()[0].coordinates)) {}

ColourBar BasinsFigure::bar() const {
  return {&heights_, &colours_, {}, QString::fromStdString(data_.quantity + " at the minimum")};
}

PlotFrame BasinsFigure::frame(const QRectF& area) const {
  const double text = fixedText_.value_or(textSize(area.size()));
  LandscapeStyle shown = style_;
  shown.trajectories = false;
  const ColourBar colourBar = bar();
  return PlotFrame::layOut(area, text, wholePlane(*data_.grid),
                           legendEntries(data_, shown, heights_, text), &colourBar,
                           !style_.title.empty());
}

void BasinsFigure::paintCells(QPainter& painter, const PlotFrame& frame) const {
  if (data_.grid->maskedCount() > 0) {
    paintUnknown(painter, frame.plot, paletteOf(style_.theme), frame.text);
  }
  // Runs of one basin along a row are one rectangle; edges between them must not shine through.
  painter.setRenderHint(QPainter::Antialiasing, false);
  const std::size_t columns = xEdges_.size() - 1;
  for (std::size_t row = 0; row + 1 < yEdges_.size(); ++row) {
    for (std::size_t first = 0; first < columns;) {
      const std::int32_t basin = basinOfVertex_[row * columns + first];
      std::size_t last = first + 1;
      while (last < columns && basinOfVertex_[row * columns + last] == basin) {
        ++last;
      }
      if (basin >= 0) {
        const double unit = heights_.unit(minima_[static_cast<std::size_t>(basin)]);
        painter.fillRect(QRectF(frame.toPosition.map(QPointF(xEdges_[first], yEdges_[row + 1])),
                                frame.toPosition.map(QPointF(xEdges_[last], yEdges_[row]))),
                         toColour(colours_.at(unit)));
      }
      first = last;
    }
  }
  painter.setRenderHint(QPainter::Antialiasing);
}

void BasinsFigure::paintBorders(QPainter& painter, const PlotFrame& frame) const {
  const std::size_t columns = xEdges_.size() - 1;
  const std::size_t rows = yEdges_.size() - 1;
  const auto basin = [&](std::size_t row, std::size_t column) {
    return basinOfVertex_[row * columns + column];
  };
  QPainterPath borders;
  const auto add = [&](double x0, double y0, double x1, double y1) {
    borders.moveTo(frame.toPosition.map(QPointF(x0, y0)));
    borders.lineTo(frame.toPosition.map(QPointF(x1, y1)));
  };
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      if (column + 1 < columns && basin(row, column) != basin(row, column + 1)) {
        add(xEdges_[column + 1], yEdges_[row], xEdges_[column + 1], yEdges_[row + 1]);
      }
      if (row + 1 < rows && basin(row, column) != basin(row + 1, column)) {
        add(xEdges_[column], yEdges_[row + 1], xEdges_[column + 1], yEdges_[row + 1]);
      }
    }
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(QColor(255, 255, 255, 220), 0.22 * frame.text, Qt::SolidLine, Qt::RoundCap));
  painter.drawPath(borders);
  painter.setPen(QPen(QColor(0, 0, 0, 230), 0.09 * frame.text, Qt::SolidLine, Qt::RoundCap));
  painter.drawPath(borders);
}

void BasinsFigure::paintMarks(QPainter& painter, const PlotFrame& frame) const {
  const auto points = criticalPoints(data_.tree.get(), data_.grid->size());
  const double radius = (points.size() <= 60 ? 0.36 : 0.25) * frame.text;
  for (auto point = points.rbegin(); point != points.rend(); ++point) {
    const auto index = data_.grid->indices(point->vertex);
    const QPointF at = frame.toPosition.map(QPointF(data_.grid->axes()[1].coordinates[index[1]],
                                                    data_.grid->axes()[0].coordinates[index[0]]));
    point->minimum ? paintMinimum(painter, at, radius) : paintSaddle(painter, at, radius);
  }
}

void BasinsFigure::paint(QPainter& painter, const QRectF& area) const {
  const PlotFrame f = frame(area);
  const Palette palette = paletteOf(style_.theme);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(f.text));
  painter.save();
  painter.setClipRect(f.plot, Qt::IntersectClip);
  paintCells(painter, f);
  paintBorders(painter, f);
  painter.restore();
  if (style_.criticalPoints) {
    painter.save();
    const double reach = 0.5 * f.text;
    painter.setClipRect(f.plot.adjusted(-reach, -reach, reach, reach), Qt::IntersectClip);
    paintMarks(painter, f);
    painter.restore();
  }
  f.paintAxes(painter, palette, QString::fromStdString(data_.x.text()),
              QString::fromStdString(data_.y.text()), QString::fromStdString(style_.title));
  LandscapeStyle shown = style_;
  shown.trajectories = false;
  paintLegend(painter, f.legend, legendEntries(data_, shown, heights_, f.text), palette, f.text);
  const ColourBar colourBar = bar();
  paintColourBar(painter, f.bar, colourBar, palette, f.text);
  painter.restore();
}

}  // namespace tarn::ui
