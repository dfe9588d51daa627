#include "ui/scene/surface_hidden.h"

#include <QPainter>
#include <cmath>
#include <optional>

#include "ui/figures/marks.h"
#include "ui/scene/critical_points.h"
#include "ui/scene/surface_overlay.h"

namespace tarn::ui {
namespace {

/// The opacity of what is hidden.
constexpr double kFaint = 0.55;
/// How far off the surface a place is looked for: about where its body's centre is drawn.
constexpr double kOffSurface = 0.02;
constexpr std::size_t kMostMarks = 60;
constexpr std::size_t kMostPlaces = 200;  ///< of a run

/// Where a place of the plane is seen, when the surface stands before it.
std::optional<QPointF> hiddenAt(const SurfaceOverlay& overlay, double x, double y) {
  const Point3 place = overlay.shape->above(x, y, kOffSurface);
  if (!std::isfinite(place[2]) || !overlay.shape->hides(place, overlay.viewer)) {
    return std::nullopt;
  }
  return overlay.toPosition(place);
}

void paintHiddenRun(QPainter& painter, const SurfaceOverlay& overlay, const Trajectory& run,
                    const RunLook& look) {
  const double text = overlay.text;
  painter.setPen(QPen(look.colour, 0.16 * text, look.dash, Qt::FlatCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  const std::size_t stride = (run.points.size() + kMostPlaces - 1) / kMostPlaces;
  std::optional<QPointF> before;
  for (std::size_t i = 0; i < run.points.size(); i += stride) {
    const auto now = hiddenAt(overlay, run.points[i][0], run.points[i][1]);
    if (before && now) {
      painter.drawLine(*before, *now);
    }
    before = now;
  }
  if (const auto start = hiddenAt(overlay, run.points.front()[0], run.points.front()[1])) {
    paintMark(painter, Mark::circle, *start, 0.36 * text, Qt::white,
              QPen(look.colour, 0.18 * text));
  }
  if (const auto end = hiddenAt(overlay, run.points.back()[0], run.points.back()[1])) {
    paintMark(painter, Mark::star, *end, 0.42 * text, look.colour, QPen(Qt::white, 0.1 * text));
  }
}

void paintHiddenMarks(QPainter& painter, const SurfaceOverlay& overlay) {
  const SurfaceShape& shape = *overlay.shape;
  const auto critical = criticalPoints(overlay.data->tree.get(), shape.grid().size());
  if (critical.size() > kMostMarks) {
    return;
  }
  for (auto point = critical.rbegin(); point != critical.rend(); ++point) {
    const auto index = shape.grid().indices(point->vertex);
    if (const auto at = hiddenAt(overlay, shape.xs()[index[1]], shape.ys()[index[0]])) {
      const double radius = 0.34 * overlay.text;
      point->minimum ? paintMinimum(painter, *at, radius) : paintSaddle(painter, *at, radius);
    }
  }
}

}  // namespace

void paintHidden(QPainter& painter, const SurfaceOverlay& overlay) {
  painter.save();
  painter.setOpacity(kFaint);
  for (std::size_t i = 0; overlay.style->trajectories && i < overlay.data->trajectories.size();
       ++i) {
    const Trajectory& run = overlay.data->trajectories[i];
    if (!run.points.empty()) {
      paintHiddenRun(painter, overlay, run, runLook(i));
    }
  }
  if (overlay.style->criticalPoints) {
    paintHiddenMarks(painter, overlay);
  }
  painter.restore();
}

}  // namespace tarn::ui
