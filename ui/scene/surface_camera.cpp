#include "ui/scene/surface_camera.h"

#include <QPolygonF>
#include <QRectF>
#include <algorithm>
#include <array>
#include <cmath>

#include <vtkCamera.h>
#include <vtkMath.h>

#include "ui/scene/surface_projection.h"

namespace tarn::ui {
namespace {

constexpr double kViewAngle = 26.0;

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

}  // namespace

ViewPoint viewPointOf(vtkCamera& camera) {
  ViewPoint from;
  Point3 at{};
  camera.GetPosition(at.data());
  camera.GetFocalPoint(from.focus.data());
  for (std::size_t i = 0; i < 3; ++i) {
    at[i] -= from.focus[i];
    from.focus[i] = rounded(from.focus[i]);
  }
  const double distance = std::max(std::hypot(at[0], at[1], at[2]), 1e-6);
  from.azimuth = rounded(vtkMath::DegreesFromRadians(std::atan2(at[1], at[0])));
  from.elevation =
      rounded(vtkMath::DegreesFromRadians(std::asin(std::clamp(at[2] / distance, -1.0, 1.0))));
  from.distance = std::max(rounded(distance), 1e-6);
  camera.GetWindowCenter(from.centre.data());
  from.centre = {rounded(from.centre[0]), rounded(from.centre[1])};
  return from;
}

void lookFrom(vtkCamera& camera, const ViewPoint& from) {
  const double azimuth = vtkMath::RadiansFromDegrees(from.azimuth);
  const double elevation = vtkMath::RadiansFromDegrees(from.elevation);
  camera.SetViewAngle(kViewAngle);
  camera.SetViewUp(0, 0, 1);
  camera.SetFocalPoint(from.focus.data());
  camera.SetPosition(from.focus[0] + from.distance * std::cos(elevation) * std::cos(azimuth),
                     from.focus[1] + from.distance * std::cos(elevation) * std::sin(azimuth),
                     from.focus[2] + from.distance * std::sin(elevation));
  camera.SetWindowCenter(from.centre[0], from.centre[1]);
}

void frameBox(vtkCamera& camera, const QSizeF& area, const OverlayMargins& margins,
              const std::array<double, 2>& heights, double focusHeight) {
  constexpr double kAzimuth = -0.92;  // radians; the x axis runs to the lower right
  constexpr double kElevation = 0.56;
  const QRectF room(margins.left, margins.top,
                    std::max(area.width() - margins.left - margins.right, 1.0),
                    std::max(area.height() - margins.top - margins.bottom, 1.0));
  const Point3 focus{0, 0, focusHeight};
  camera.SetViewAngle(kViewAngle);
  camera.SetViewUp(0, 0, 1);
  camera.SetFocalPoint(focus.data());
  camera.SetWindowCenter(0, 0);
  double distance = 6.0;
  QRectF seen;
  for (int i = 0; i < 12; ++i) {
    camera.SetPosition(distance * std::cos(kElevation) * std::cos(kAzimuth),
                       distance * std::cos(kElevation) * std::sin(kAzimuth),
                       focus[2] + distance * std::sin(kElevation));
    const SurfaceProjection view(camera, area);
    QPolygonF corners;
    for (const double x : {-1.0, 1.0}) {
      for (const double y : {-1.0, 1.0}) {
        corners << view.toPosition({x, y, heights[0]}) << view.toPosition({x, y, heights[1]});
      }
    }
    seen = corners.boundingRect();
    distance *= std::max(seen.width() / room.width(), seen.height() / room.height());
  }
  const QPointF off = seen.center() - room.center();
  camera.SetWindowCenter(2 * off.x() / area.width(), -2 * off.y() / area.height());
}

}  // namespace tarn::ui
