#pragma once

#include "ui/scene/scene_overlay.h"
#include "ui/scene/surface_shape.h"

class vtkCamera;

namespace tarn::ui {

/// From where a surface is seen; upright always.
struct ViewPoint {
  double azimuth = 0;    ///< degrees about the vertical axis, from the x axis to the y axis
  double elevation = 0;  ///< degrees above the horizon
  double distance = 1;   ///< from the focus; the landscape is 2 wide
  Point3 focus{0, 0, 0.4 * SurfaceShape::kHeight};
  std::array<double, 2> centre{};  ///< of the picture, right and up, in halves of its size

  bool operator==(const ViewPoint&) const = default;
};

/// Rounded to 10⁻⁶, so that a short text says all of it.
ViewPoint viewPointOf(vtkCamera& camera);
void lookFrom(vtkCamera& camera, const ViewPoint& from);

/// Looks from the front right, above, at a height, so that a box (x and y from −1 to 1, and these
/// heights) fits into what the margins leave of the area that it is drawn on.
void frameBox(vtkCamera& camera, const QSizeF& area, const OverlayMargins& margins,
              const std::array<double, 2>& heights, double focusHeight);

}  // namespace tarn::ui
