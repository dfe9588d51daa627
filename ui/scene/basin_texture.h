#pragma once

#include <vtkSmartPointer.h>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

class vtkImageData;
class vtkTexture;

namespace tarn::ui {

/// The basins of a two-dimensional landscape as a picture that is laid on its surface: one pixel a
/// vertex in the colour of its basin (basin_colours.h), the first row that of the first y. The
/// basin of the selected vertex is tinted. Above 4096 vertices along an axis not every one has a
/// pixel. Only where showsBasins() says so.
vtkSmartPointer<vtkImageData> basinImage(const LandscapeData& data, const LandscapeStyle& style);

/// The same as a texture with sharp pixels for surfaceMesh().
vtkSmartPointer<vtkTexture> basinTexture(const LandscapeData& data, const LandscapeStyle& style);

}  // namespace tarn::ui
