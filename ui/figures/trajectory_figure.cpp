#include "ui/figures/trajectory_figure.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/figures/contour_runs.h"
#include "ui/figures/legend.h"
#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/figures/plot_frame.h"

namespace tarn::ui {
namespace {

std::array<double, 2> withMargin(double low, double high) {
  const double margin = high > low ? 0.06 * (high - low) : std::max(0.5 * std::abs(low), 1e-6);
  return {low - margin, high + margin};
}

}  // namespace

PlaneView planeOf(const TrajectoryData& data) {
  bool any = false;
  std::array<double, 2> low{};
  std::array<double, 2> high{};
  for (const Trajectory& run : data.runs) {
    for (const auto& point : run.points) {
      if (!std::isfinite(point[0]) || !std::isfinite(point[1])) {
        continue;
      }
      for (std::size_t i = 0; i < 2; ++i) {
        low[i] = any ? std::min(low[i], point[i]) : point[i];
        high[i] = any ? std::max(high[i], point[i]) : point[i];
      }
      any = true;
    }
  }
  return any ? PlaneView{withMargin(low[0], high[0]), withMargin(low[1], high[1])} : PlaneView();
}

/// The frame and the legend in an area.
class TrajectoryFigure::Layout {
 public:
  Layout(const TrajectoryFigure& figure, const QRectF& area)
      : text(figure.fixedText_.value_or(textSize(area.size()))) {
    LandscapeStyle style;
    style.theme = figure.theme_;
    LandscapeData runs;
    runs.trajectories = figure.data_.runs;
    entries = legendEntries(runs, style, HeightMap({}, HeightScale::linear), text);
    frame = PlotFrame::layOut(area, text, figure.view_, entries, nullptr, !figure.title_.empty());
  }

  double text;
  std::vector<LegendEntry> entries;
  PlotFrame frame;
};

TrajectoryFigure::TrajectoryFigure(TrajectoryData data, Theme theme, std::string title)
    : data_(std::move(data)), theme_(theme), title_(std::move(title)), view_(planeOf(data_)) {}

void TrajectoryFigure::paint(QPainter& painter, const QRectF& area) const {
  const Layout layout(*this, area);
  const PlotFrame& frame = layout.frame;
  const Palette palette = paletteOf(theme_);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(layout.text));
  painter.setPen(QPen(palette.grid, 0.06 * layout.text));
  for (const Tick& tick : frame.xTicks) {
    painter.drawLine(QPointF(frame.x(tick.value), frame.plot.top()),
                     QPointF(frame.x(tick.value), frame.plot.bottom()));
  }
  for (const Tick& tick : frame.yTicks) {
    painter.drawLine(QPointF(frame.plot.left(), frame.y(tick.value)),
                     QPointF(frame.plot.right(), frame.y(tick.value)));
  }
  painter.save();
  painter.setClipRect(frame.plot, Qt::IntersectClip);
  for (std::size_t i = 0; i < data_.runs.size(); ++i) {
    paintRun(painter, frame, data_.runs[i], runLook(i), palette.background);
  }
  painter.restore();
  painter.setPen(palette.foreground);
  frame.paintAxes(painter, palette, QString::fromStdString(data_.x.text()),
                  QString::fromStdString(data_.y.text()), QString::fromStdString(title_));
  paintLegend(painter, frame.legend, layout.entries, palette, layout.text);
  painter.restore();
}

QPointF TrajectoryFigure::positionOf(const QRectF& area, const QPointF& place) const {
  return Layout(*this, area).frame.toPosition.map(place);
}

}  // namespace tarn::ui
