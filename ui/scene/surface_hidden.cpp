#include "ui/scene/surface_hidden.h"

#include <cmath>
#include <optional>

#include "ui/scene/critical_points.h"
#include "ui/scene/hidden_marks.h"
#include "ui/scene/surface_overlay.h"

namespace tarn::ui {
namespace {

/// How far off the surface a place is looked for: about where its body's centre is drawn.
constexpr double kOffSurface = 0.02;

}  // namespace

void paintHidden(QPainter& painter, const SurfaceOverlay& overlay) {
  const SurfaceShape& shape = *overlay.shape;
  HiddenMarks marks;
  marks.text = overlay.text;
  marks.hiddenAt = [&](const Point3& place) {
    return std::isfinite(place[2]) && shape.hides(place, overlay.viewer)
               ? std::optional(overlay.toPosition(place))
               : std::nullopt;
  };
  for (std::size_t i = 0; overlay.style->trajectories && i < overlay.data->trajectories.size();
       ++i) {
    HiddenMarks::Run run{{}, runLook(i)};
    for (const auto& [x, y] : overlay.data->trajectories[i].points) {
      run.places.push_back(shape.above(x, y, kOffSurface));
    }
    marks.runs.push_back(std::move(run));
  }
  if (overlay.style->criticalPoints) {
    for (const auto& point : criticalPoints(overlay.data->tree.get(), shape.grid().size())) {
      marks.critical.push_back({shape.above(point.vertex, kOffSurface), point.minimum});
    }
  }
  paintHiddenMarks(painter, marks);
}

}  // namespace tarn::ui
