#pragma once

#include <QPointF>
#include <QSizeF>
#include <array>

#include <vtkMatrix4x4.h>
#include <vtkSmartPointer.h>

#include "ui/scene/surface_shape.h"

class vtkCamera;

namespace tarn::ui {

/// Where a camera, as it is now, sees places of the scene on an area whose origin is the top left.
class SurfaceProjection {
 public:
  SurfaceProjection(vtkCamera& camera, const QSizeF& area);

  QPointF toPosition(const Point3& place) const;
  /// Two places of the line of sight through a position: the nearest that is drawn, the farthest.
  std::array<Point3, 2> lineThrough(const QPointF& position) const;

 private:
  QSizeF area_;
  vtkSmartPointer<vtkMatrix4x4> toView_;
  vtkSmartPointer<vtkMatrix4x4> toScene_;
};

}  // namespace tarn::ui
