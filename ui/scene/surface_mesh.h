#pragma once

#include <vtkSmartPointer.h>

#include "ui/scene/surface_shape.h"

class vtkPolyData;

namespace tarn::ui {

/// The surface as triangles with normals and, as scalars, heights from 0 to 1. Of every axis at
/// most `most` coordinates are used, evenly spread. A triangle with an unknown corner is left out:
/// a cell with one such corner keeps its other half. Texture coordinates are those of a picture
/// with one pixel for every vertex of the grid.
vtkSmartPointer<vtkPolyData> surfaceMesh(const SurfaceShape& shape, std::size_t most);

}  // namespace tarn::ui
