#include "ui/scene/surface_projection.h"

#include <vtkCamera.h>

namespace tarn::ui {
namespace {

Point3 transformed(const vtkMatrix4x4& matrix, const Point3& point) {
  std::array<double, 4> out{};
  for (int row = 0; row < 4; ++row) {
    out[static_cast<std::size_t>(row)] =
        matrix.GetElement(row, 0) * point[0] + matrix.GetElement(row, 1) * point[1] +
        matrix.GetElement(row, 2) * point[2] + matrix.GetElement(row, 3);
  }
  return {out[0] / out[3], out[1] / out[3], out[2] / out[3]};
}

}  // namespace

SurfaceProjection::SurfaceProjection(vtkCamera& camera, const QSizeF& area)
    : area_(area),
      toView_(vtkSmartPointer<vtkMatrix4x4>::New()),
      toScene_(vtkSmartPointer<vtkMatrix4x4>::New()) {
  toView_->DeepCopy(
      camera.GetCompositeProjectionTransformMatrix(area.width() / area.height(), -1, 1));
  vtkMatrix4x4::Invert(toView_, toScene_);
}

QPointF SurfaceProjection::toPosition(const Point3& place) const {
  const Point3 seen = transformed(*toView_, place);
  return {area_.width() * (seen[0] + 1) / 2, area_.height() * (1 - seen[1]) / 2};
}

std::array<Point3, 2> SurfaceProjection::lineThrough(const QPointF& position) const {
  const double x = 2 * position.x() / area_.width() - 1;
  const double y = 1 - 2 * position.y() / area_.height();
  return {transformed(*toScene_, {x, y, -1}), transformed(*toScene_, {x, y, 1})};
}

}  // namespace tarn::ui
