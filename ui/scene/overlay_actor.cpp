#include "ui/scene/overlay_actor.h"

#include <array>

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper2D.h>
#include <vtkUnsignedCharArray.h>

namespace tarn::ui {

OverlayActor::OverlayActor() {
  vtkNew<vtkPolyData> quad;
  corners_->SetNumberOfPoints(4);
  quad->SetPoints(corners_);
  vtkNew<vtkCellArray> cells;
  const std::array<vtkIdType, 4> ids = {0, 1, 2, 3};
  cells->InsertNextCell(4, ids.data());
  quad->SetPolys(cells);
  // The image's first row is its top.
  vtkNew<vtkFloatArray> coordinates;
  coordinates->SetNumberOfComponents(2);
  for (const auto& [u, v] : {std::array{0.0F, 1.0F}, {1.0F, 1.0F}, {1.0F, 0.0F}, {0.0F, 0.0F}}) {
    coordinates->InsertNextTuple2(u, v);
  }
  quad->GetPointData()->SetTCoords(coordinates);
  vtkNew<vtkPolyDataMapper2D> mapper;
  mapper->SetInputData(quad);
  texture_->InterpolateOff();
  texture_->RepeatOff();
  texture_->SetColorModeToDirectScalars();
  actor_->SetMapper(mapper);
  actor_->SetTexture(texture_);
}

void OverlayActor::setImage(QImage image) {
  vtkNew<vtkImageData> data;
  data->SetDimensions(image.width(), image.height(), 1);
  vtkNew<vtkUnsignedCharArray> bytes;
  bytes->SetNumberOfComponents(4);
  bytes->SetArray(image.bits(), static_cast<vtkIdType>(image.sizeInBytes()), 1);
  data->GetPointData()->SetScalars(bytes);
  texture_->SetInputData(data);
  const double width = image.width();
  const double height = image.height();
  corners_->SetPoint(0, 0, 0, 0);
  corners_->SetPoint(1, width, 0, 0);
  corners_->SetPoint(2, width, height, 0);
  corners_->SetPoint(3, 0, height, 0);
  corners_->Modified();
  image_ = std::move(image);
}

}  // namespace tarn::ui
