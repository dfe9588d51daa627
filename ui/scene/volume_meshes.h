#pragma once

#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include "ui/scene/colour_map.h"
#include "ui/scene/volume_shape.h"

class vtkPolyData;

namespace tarn::ui {

/// Surfaces of one height in a volume, by vtkFlyingEdges3D, with normals from the heights around
/// their points. Cells with a corner of no value are left out.
class IsoSurfaces {
 public:
  explicit IsoSurfaces(const VolumeShape& shape);
  /// At a height from 0 to 1.
  vtkSmartPointer<vtkPolyData> at(double unit) const;

 private:
  const VolumeShape& shape_;
  vtkNew<vtkImageData> image_;  ///< over the points' indices
};

/// A plane through the volume at a point of one of the scene's directions, with the heights as
/// scalars. Cells with a corner of no value are left out.
vtkSmartPointer<vtkPolyData> sliceMesh(const VolumeShape& shape, std::size_t direction,
                                       std::size_t index);
/// Iso-lines on that plane, on both sides of it, in a colour that stands out from the one beneath.
vtkSmartPointer<vtkPolyData> sliceIsoLines(const VolumeShape& shape, std::size_t direction,
                                           std::size_t index, const ColourMap& colours, int levels);
/// The border of that plane.
vtkSmartPointer<vtkPolyData> sliceBorder(const VolumeShape& shape, std::size_t direction,
                                         std::size_t index);
/// A wall of the cube, at a right angle to a direction, at its lower or its upper end: its border,
/// and lines at round coordinates.
vtkSmartPointer<vtkPolyData> cubeWall(const VolumeShape& shape, std::size_t direction, bool upper);

}  // namespace tarn::ui
