#include "ui/figures/contour_figure.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "topology/base/error.h"
#include "ui/figures/colour_bar.h"
#include "ui/figures/contour_runs.h"
#include "ui/figures/iso_lines.h"
#include "ui/figures/legend.h"
#include "ui/figures/line_labels.h"
#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/figures/plot_frame.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

struct Level {
  double unit;  ///< height from 0 to 1
  QString label;
  QPainterPath region;  ///< what is at least this high, in coordinates
  std::vector<QPolygonF> lines;
};

QPolygonF toPolygon(const Polyline& line) {
  QPolygonF polygon;
  polygon.reserve(static_cast<qsizetype>(line.points.size()) + 1);
  for (const auto& point : line.points) {
    polygon << QPointF(point[0], point[1]);
  }
  if (line.closed) {
    polygon << polygon.front();
  }
  return polygon;
}

QPainterPath toPath(const std::vector<Polyline>& lines) {
  QPainterPath path;
  for (const Polyline& line : lines) {
    path.addPolygon(toPolygon(line));
    path.closeSubpath();
  }
  return path;
}

/// Dark on light colours, light on dark ones.
QColor contrasting(const QColor& colour, int alpha) {
  const double luminance =
      0.2126 * colour.redF() + 0.7152 * colour.greenF() + 0.0722 * colour.blueF();
  return luminance > 0.42 ? QColor(0, 0, 0, alpha) : QColor(255, 255, 255, alpha);
}

void requirePlane(const LandscapeData& data) {
  if (data.grid == nullptr || data.grid->dimension() != 2 || data.grid->shape()[0] < 2 ||
      data.grid->shape()[1] < 2) {
    throw Error(ErrorCode::unsupported,
                "A contour plot needs a grid of two axes with two points or more along each.",
                "Choose a landscape along two directions.");
  }
}

}  // namespace

struct ContourFigure::Parts {
  LandscapeData data;
  LandscapeStyle style;
  HeightMap heights;
  ColourMap colours;
  Palette palette;
  std::vector<double> units;
  QPainterPath known;
  std::vector<Level> levels;
  std::vector<CriticalPoint> critical;
  PlaneView view;
  std::optional<double> fixedText;

  Parts(LandscapeData d, LandscapeStyle s);
  Plane plane() const {
    const auto& axes = data.grid->axes();
    return {axes[1].coordinates, axes[0].coordinates, units};
  }
  ColourBar bar() const;
  PlotFrame frame(const QRectF& area) const;
  QPointF coordinates(std::int64_t vertex) const;

  void paintBands(QPainter& painter, const PlotFrame& frame) const;
  void paintLines(QPainter& painter, const PlotFrame& frame) const;
  void paintMarks(QPainter& painter, const PlotFrame& frame) const;
};

ContourFigure::Parts::Parts(LandscapeData d, LandscapeStyle s)
    : data((requirePlane(d), std::move(d))),
      style(std::move(s)),
      heights(heightsOf(data, style)),
      colours(style.colourMap, style.reverseColours),
      palette(paletteOf(style.theme)) {
  units.reserve(data.grid->size());
  for (const double value : data.grid->values()) {
    units.push_back(heights.unit(value));
  }
  known = toPath(isoRegion(plane(), -1.0));
  for (const Tick& tick : heights.levels(std::max(style.levels, 1))) {
    const double unit = heights.unit(tick.value);
    if (unit < 1e-3 || unit > 1.0 - 1e-3) {
      continue;
    }
    Level level{unit, QString::fromStdString(tick.label), toPath(isoRegion(plane(), unit)), {}};
    for (const Polyline& line : isoLines(plane(), unit)) {
      level.lines.push_back(toPolygon(line));
    }
    levels.push_back(std::move(level));
  }
  critical = criticalPoints(data.tree.get(), data.grid->size());
  view = wholePlane(*data.grid);
}

ColourBar ContourFigure::Parts::bar() const {
  ColourBar bar{&heights, &colours, {}, QString::fromStdString(data.quantity)};
  for (const Level& level : levels) {
    bar.levels.push_back(level.unit);
  }
  return bar;
}

PlotFrame ContourFigure::Parts::frame(const QRectF& area) const {
  const double text = fixedText.value_or(textSize(area.size()));
  const ColourBar colourBar = bar();
  return PlotFrame::layOut(area, text, view, legendEntries(data, style, heights, text), &colourBar,
                           !style.title.empty());
}

QPointF ContourFigure::Parts::coordinates(std::int64_t vertex) const {
  const auto index = data.grid->indices(vertex);
  const auto& axes = data.grid->axes();
  return {axes[1].coordinates[index[1]], axes[0].coordinates[index[0]]};
}

void ContourFigure::Parts::paintBands(QPainter& painter, const PlotFrame& frame) const {
  if (data.grid->maskedCount() > 0) {
    paintUnknown(painter, frame.plot, palette, frame.text);
  }
  painter.setPen(Qt::NoPen);
  double low = 0.0;
  for (std::size_t i = 0; i <= levels.size(); ++i) {
    const double high = i < levels.size() ? levels[i].unit : 1.0;
    const QPainterPath& region = i == 0 ? known : levels[i - 1].region;
    painter.setBrush(toColour(colours.at((low + high) / 2)));
    painter.drawPath(frame.toPosition.map(region));
    low = high;
  }
}

void ContourFigure::Parts::paintLines(QPainter& painter, const PlotFrame& frame) const {
  LineLabels labels(frame.plot, figureFont(0.8 * frame.text));
  for (const auto& point : critical) {
    const double r = 0.6 * frame.text;
    const QPointF at = frame.toPosition.map(coordinates(point.vertex));
    labels.avoid(QRectF(at - QPointF(r, r), at + QPointF(r, r)));
  }
  if (style.trajectories) {
    for (const Trajectory& run : data.trajectories) {
      avoidRun(labels, frame, run);
    }
  }
  painter.setBrush(Qt::NoBrush);
  for (const Level& level : levels) {
    const QColor band = toColour(colours.at(level.unit));
    painter.setPen(QPen(contrasting(band, 120), 0.07 * frame.text));
    for (const QPolygonF& line : level.lines) {
      painter.drawPolyline(frame.toPosition.map(line));
    }
  }
  for (const Level& level : levels) {
    const QColor band = toColour(colours.at(level.unit));
    for (const QPolygonF& line : level.lines) {
      labels.paint(painter, frame.toPosition.map(line), level.label, band, contrasting(band, 255));
    }
  }
}

void ContourFigure::Parts::paintMarks(QPainter& painter, const PlotFrame& frame) const {
  const double radius = critical.size() <= 60 ? 0.36 * frame.text : 0.25 * frame.text;
  if (style.criticalPoints) {
    for (auto point = critical.rbegin(); point != critical.rend(); ++point) {
      const QPointF at = frame.toPosition.map(coordinates(point->vertex));
      point->minimum ? paintMinimum(painter, at, radius) : paintSaddle(painter, at, radius);
    }
  }
  const bool selected = data.selection && *data.selection >= 0 &&
                        static_cast<std::size_t>(*data.selection) < data.grid->size();
  if (selected) {
    const QPointF at = frame.toPosition.map(coordinates(*data.selection));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::white, 0.36 * frame.text));
    painter.drawEllipse(at, 0.8 * frame.text, 0.8 * frame.text);
    painter.setPen(QPen(palette.selection, 0.2 * frame.text));
    painter.drawEllipse(at, 0.8 * frame.text, 0.8 * frame.text);
  }
}

ContourFigure::ContourFigure(LandscapeData data, LandscapeStyle style)
    : parts_(std::make_unique<Parts>(std::move(data), std::move(style))) {}
ContourFigure::~ContourFigure() = default;
ContourFigure::ContourFigure(ContourFigure&&) noexcept = default;
ContourFigure& ContourFigure::operator=(ContourFigure&&) noexcept = default;

PlaneView wholePlane(const ScalarGrid& grid) {
  const auto& x = grid.axes()[1].coordinates;
  const auto& y = grid.axes()[0].coordinates;
  return {{x.front(), x.back()}, {y.front(), y.back()}};
}

void ContourFigure::setView(const PlaneView& view) {
  parts_->view = view;
}
const PlaneView& ContourFigure::view() const {
  return parts_->view;
}
void ContourFigure::setTextSize(double pixels) {
  parts_->fixedText = pixels;
}

void ContourFigure::setTree(std::shared_ptr<const MergeTree> tree) {
  parts_->critical = criticalPoints(tree.get(), parts_->data.grid->size());
  parts_->data.tree = std::move(tree);
}

void ContourFigure::select(std::optional<std::int64_t> vertex) {
  parts_->data.selection = vertex;
}

void ContourFigure::paint(QPainter& painter, const QRectF& area) const {
  const Parts& p = *parts_;
  const PlotFrame frame = p.frame(area);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(frame.text));
  painter.save();
  painter.setClipRect(frame.plot, Qt::IntersectClip);
  p.paintBands(painter, frame);
  if (p.style.contours) {
    p.paintLines(painter, frame);
  }
  if (p.style.trajectories) {
    for (std::size_t i = 0; i < p.data.trajectories.size(); ++i) {
      paintRun(painter, frame, p.data.trajectories[i], runLook(i));
    }
  }
  painter.restore();
  painter.save();
  const double reach = 0.5 * frame.text;
  painter.setClipRect(frame.plot.adjusted(-reach, -reach, reach, reach), Qt::IntersectClip);
  p.paintMarks(painter, frame);
  painter.restore();
  frame.paintAxes(painter, p.palette, QString::fromStdString(p.data.x.text()),
                  QString::fromStdString(p.data.y.text()), QString::fromStdString(p.style.title));
  paintLegend(painter, frame.legend, legendEntries(p.data, p.style, p.heights, frame.text),
              p.palette, frame.text);
  paintColourBar(painter, frame.bar, p.bar(), p.palette, frame.text);
  painter.restore();
}

std::optional<QPointF> ContourFigure::coordinatesAt(const QRectF& area,
                                                    const QPointF& position) const {
  const PlotFrame frame = parts_->frame(area);
  if (!frame.plot.contains(position)) {
    return std::nullopt;
  }
  return frame.toPosition.inverted().map(position);
}

std::optional<std::int64_t> ContourFigure::vertexAt(const QRectF& area,
                                                    const QPointF& position) const {
  const PlotFrame frame = parts_->frame(area);
  double best = 0.8 * frame.text;
  std::optional<std::int64_t> found;
  if (parts_->style.criticalPoints) {
    for (const CriticalPoint& point : parts_->critical) {
      const QPointF at = frame.toPosition.map(parts_->coordinates(point.vertex));
      const double distance = QLineF(at, position).length();
      if (distance < best) {
        best = distance;
        found = point.vertex;
      }
    }
  }
  if (found || !frame.plot.contains(position)) {
    return found;
  }
  const QPointF at = frame.toPosition.inverted().map(position);
  const auto& axes = parts_->data.grid->axes();
  const auto nearest = [](const std::vector<double>& coordinates, double value) {
    const auto above = std::lower_bound(coordinates.begin(), coordinates.end(), value);
    if (above == coordinates.begin()) {
      return std::int64_t{0};
    }
    const auto below = above - 1;
    const bool up = above != coordinates.end() && *above - value < value - *below;
    return static_cast<std::int64_t>((up ? above : below) - coordinates.begin());
  };
  return nearest(axes[0].coordinates, at.y()) *
             static_cast<std::int64_t>(axes[1].coordinates.size()) +
         nearest(axes[1].coordinates, at.x());
}

}  // namespace tarn::ui
