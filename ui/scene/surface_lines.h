#pragma once

#include <array>
#include <vector>

#include <vtkSmartPointer.h>

#include "ui/scene/colour_map.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/surface_shape.h"

class vtkPolyData;

namespace tarn::ui {

/// The colour, with its opacity, of an iso-line that stands out from the one beneath.
std::array<unsigned char, 4> isoInk(const Rgb& under);

/// Iso-lines lying on the surface, in a colour that stands out from the one beneath.
vtkSmartPointer<vtkPolyData> surfaceIsoLines(const SurfaceShape& shape, const ColourMap& colours,
                                             int levels);

/// Lines between basins, half-way between the vertices, at a height above the surface. `basins` as
/// in LandscapeData, of the same grid. None at masked vertices.
vtkSmartPointer<vtkPolyData> surfaceBorders(const SurfaceShape& shape,
                                            const std::vector<std::int32_t>& basins, double lift);

/// A square under the surface with lines at round coordinates.
vtkSmartPointer<vtkPolyData> surfaceFloor(const SurfaceShape& shape);

/// A run on the surface, that far off it, in pieces that have a height; straight steps follow the
/// surface.
std::vector<std::vector<Point3>> surfaceRun(const SurfaceShape& shape, const Trajectory& run,
                                            double lift);

}  // namespace tarn::ui
