#pragma once

#include <vtkActor.h>
#include <vtkLookupTable.h>
#include <vtkSmartPointer.h>

#include "ui/figures/palette.h"
#include "ui/scene/surface_shape.h"

class vtkPolyData;

namespace tarn::ui {

enum class Glyph { ball, octahedron, star };

vtkSmartPointer<vtkLookupTable> lookupTable(const ColourMap& colours);

/// A mesh with scalars from 0 to 1, coloured by the table.
vtkSmartPointer<vtkActor> meshActor(vtkPolyData* mesh, vtkLookupTable* table);
/// Lines in one colour, or in their own when they have cell scalars; unlit.
vtkSmartPointer<vtkActor> lineActor(vtkPolyData* lines, const QColor& colour, double width);
/// A smooth body in one colour.
vtkSmartPointer<vtkActor> bodyActor(vtkPolyData* body, const QColor& colour);
/// The same glyph of that radius at every point whose height is known, standing out of the surface.
vtkSmartPointer<vtkPolyData> glyphBody(Glyph glyph, const std::vector<Point3>& points,
                                       double radius);
/// A larger copy of a body of which only the far side is seen, unlit: drawn with the body it is an
/// outline in another colour.
vtkSmartPointer<vtkActor> outlineActor(vtkPolyData* larger, const QColor& colour);

}  // namespace tarn::ui
