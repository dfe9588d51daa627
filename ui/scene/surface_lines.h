#pragma once

#include <QtCore/qnamespace.h>
#include <vtkSmartPointer.h>

#include "ui/scene/colour_map.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/surface_shape.h"

class vtkPolyData;

namespace tarn::ui {

/// Iso-lines lying on the surface, in a colour that stands out from the one beneath.
vtkSmartPointer<vtkPolyData> surfaceIsoLines(const SurfaceShape& shape, const ColourMap& colours,
                                             int levels);

/// Lines between basins, half-way between the vertices, at a height above the surface. `basins` as
/// in LandscapeData, of the same grid. None at masked vertices.
vtkSmartPointer<vtkPolyData> surfaceBorders(const SurfaceShape& shape,
                                            const std::vector<std::int32_t>& basins, double lift);

/// A square under the surface with lines at round coordinates.
vtkSmartPointer<vtkPolyData> surfaceFloor(const SurfaceShape& shape);

/// A run as a tube on the surface, dashed as the pen is; empty where the run leaves the grid.
vtkSmartPointer<vtkPolyData> surfaceRun(const SurfaceShape& shape, const Trajectory& run,
                                        Qt::PenStyle dash, double radius);

}  // namespace tarn::ui
