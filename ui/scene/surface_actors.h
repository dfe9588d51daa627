#pragma once

#include <vector>

#include <vtkActor.h>
#include <vtkLookupTable.h>
#include <vtkSmartPointer.h>

#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/scene/surface_shape.h"

class vtkPolyData;
class vtkRenderer;

namespace tarn::ui {

using Actors = std::vector<vtkSmartPointer<vtkActor>>;

/// Puts others into a renderer where those actors were.
void replaceActors(vtkRenderer& renderer, Actors& actors, Actors fresh);

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

/// The same glyph at every point, with an outline so many times as large.
void addGlyphs(Actors& actors, Glyph glyph, const std::vector<Point3>& points, double radius,
               const QColor& fill, const QColor& outline, double outlined);

/// How large minima and saddles are drawn when there are so many.
double glyphRadius(std::size_t count);
void addCriticalPoints(Actors& actors, const std::vector<Point3>& minima,
                       const std::vector<Point3>& saddles, double radius);

constexpr double kRunRadius = 0.0095;
constexpr double kStartRadius = 0.018;
constexpr double kEndRadius = 0.03;

/// A run in the scene.
struct RunBody {
  std::vector<std::vector<Point3>> pieces;  ///< of its way
  Point3 start;                             ///< not finite: not to be seen
  Point3 end;
};
/// A tube dashed as the look says, with an outline, and marks at start and end.
void addRun(Actors& actors, const RunBody& run, const RunLook& look);

}  // namespace tarn::ui
