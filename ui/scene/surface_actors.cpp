#include "ui/scene/surface_actors.h"

#include <cmath>
#include <utility>

#include <vtkCellArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>

#include "ui/scene/line_builder.h"

namespace tarn::ui {
namespace {

void setColour(vtkProperty* property, const QColor& colour) {
  property->SetColor(colour.redF(), colour.greenF(), colour.blueF());
}

/// Triangles around the origin with flat sides.
struct Solid {
  std::vector<Point3> points;
  std::vector<std::array<vtkIdType, 3>> triangles;
};

Solid ballSolid() {
  vtkNew<vtkSphereSource> source;
  source->SetRadius(1.0);
  source->SetThetaResolution(20);
  source->SetPhiResolution(14);
  source->Update();
  Solid solid;
  vtkPolyData* sphere = source->GetOutput();
  for (vtkIdType i = 0; i < sphere->GetNumberOfPoints(); ++i) {
    Point3 point{};
    sphere->GetPoint(i, point.data());
    solid.points.push_back(point);
  }
  vtkIdType count = 0;
  const vtkIdType* ids = nullptr;
  for (vtkCellArray* cells = sphere->GetPolys(); cells->GetNextCell(count, ids);) {
    solid.triangles.push_back({ids[0], ids[1], ids[2]});
  }
  return solid;
}

Solid octahedronSolid() {
  return {{{1.2, 0, 0}, {-1.2, 0, 0}, {0, 1.2, 0}, {0, -1.2, 0}, {0, 0, 1.5}, {0, 0, -1.5}},
          {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}}};
}

/// Two tetrahedra through each other: eight points.
Solid starSolid() {
  const double a = 0.95;
  return {{{a, a, a},
           {a, -a, -a},
           {-a, a, -a},
           {-a, -a, a},
           {-a, -a, -a},
           {-a, a, a},
           {a, -a, a},
           {a, a, -a}},
          {{0, 1, 2}, {0, 2, 3}, {0, 3, 1}, {1, 3, 2}, {4, 6, 5}, {4, 5, 7}, {4, 7, 6}, {5, 6, 7}}};
}

Solid solidOf(Glyph glyph) {
  switch (glyph) {
    case Glyph::ball:
      return ballSolid();
    case Glyph::octahedron:
      return octahedronSolid();
    case Glyph::star:
      return starSolid();
  }
  return {};
}

}  // namespace

vtkSmartPointer<vtkLookupTable> lookupTable(const ColourMap& colours) {
  constexpr int kEntries = 512;
  auto table = vtkSmartPointer<vtkLookupTable>::New();
  table->SetNumberOfTableValues(kEntries);
  table->SetTableRange(0.0, 1.0);
  for (int i = 0; i < kEntries; ++i) {
    const Rgb c = colours.at(static_cast<double>(i) / (kEntries - 1));
    table->SetTableValue(i, c[0] / 255.0, c[1] / 255.0, c[2] / 255.0);
  }
  return table;
}

vtkSmartPointer<vtkActor> meshActor(vtkPolyData* mesh, vtkLookupTable* table) {
  vtkNew<vtkPolyDataMapper> mapper;
  mapper->SetInputData(mesh);
  mapper->SetLookupTable(table);
  mapper->UseLookupTableScalarRangeOn();
  mapper->InterpolateScalarsBeforeMappingOn();
  auto actor = vtkSmartPointer<vtkActor>::New();
  actor->SetMapper(mapper);
  actor->GetProperty()->SetInterpolationToPhong();
  actor->GetProperty()->SetAmbient(0.5);
  actor->GetProperty()->SetDiffuse(0.55);
  actor->GetProperty()->SetSpecular(0.04);
  actor->GetProperty()->SetSpecularPower(20);
  return actor;
}

vtkSmartPointer<vtkActor> lineActor(vtkPolyData* lines, const QColor& colour, double width) {
  vtkNew<vtkPolyDataMapper> mapper;
  mapper->SetInputData(lines);
  auto actor = vtkSmartPointer<vtkActor>::New();
  actor->SetMapper(mapper);
  setColour(actor->GetProperty(), colour);
  actor->GetProperty()->SetLineWidth(static_cast<float>(width));
  actor->GetProperty()->LightingOff();
  return actor;
}

vtkSmartPointer<vtkActor> bodyActor(vtkPolyData* body, const QColor& colour) {
  vtkNew<vtkPolyDataMapper> mapper;
  mapper->SetInputData(body);
  mapper->ScalarVisibilityOff();
  auto actor = vtkSmartPointer<vtkActor>::New();
  actor->SetMapper(mapper);
  setColour(actor->GetProperty(), colour);
  actor->GetProperty()->SetAmbient(0.45);
  actor->GetProperty()->SetDiffuse(0.6);
  actor->GetProperty()->SetSpecular(0.15);
  actor->GetProperty()->SetSpecularPower(30);
  return actor;
}

vtkSmartPointer<vtkActor> outlineActor(vtkPolyData* larger, const QColor& colour) {
  auto actor = bodyActor(larger, colour);
  actor->GetProperty()->FrontfaceCullingOn();
  actor->GetProperty()->LightingOff();
  return actor;
}

vtkSmartPointer<vtkPolyData> glyphBody(Glyph glyph, const std::vector<Point3>& at, double radius) {
  const Solid solid = solidOf(glyph);
  vtkNew<vtkPoints> points;
  vtkNew<vtkCellArray> triangles;
  for (const Point3& centre : at) {
    if (!std::isfinite(centre[2])) {
      continue;
    }
    const vtkIdType first = points->GetNumberOfPoints();
    for (const Point3& p : solid.points) {
      points->InsertNextPoint(centre[0] + radius * p[0], centre[1] + radius * p[1],
                              centre[2] + radius * p[2]);
    }
    for (const auto& [a, b, c] : solid.triangles) {
      const std::array<vtkIdType, 3> ids = {first + a, first + b, first + c};
      triangles->InsertNextCell(3, ids.data());
    }
  }
  auto body = vtkSmartPointer<vtkPolyData>::New();
  body->SetPoints(points);
  body->SetPolys(triangles);
  return body;
}

void replaceActors(vtkRenderer& renderer, Actors& actors, Actors fresh) {
  for (const auto& actor : actors) {
    renderer.RemoveActor(actor);
  }
  for (const auto& actor : fresh) {
    renderer.AddActor(actor);
  }
  actors = std::move(fresh);
}

void addGlyphs(Actors& actors, Glyph glyph, const std::vector<Point3>& points, double radius,
               const QColor& fill, const QColor& outline, double outlined) {
  actors.push_back(bodyActor(glyphBody(glyph, points, radius), fill));
  actors.push_back(outlineActor(glyphBody(glyph, points, outlined * radius), outline));
}

double glyphRadius(std::size_t count) {
  return (count <= 60 ? 1.0 : 0.7) * 0.021;
}

void addCriticalPoints(Actors& actors, const std::vector<Point3>& minima,
                       const std::vector<Point3>& saddles, double radius) {
  addGlyphs(actors, Glyph::ball, minima, radius, Qt::white, QColor(0x11, 0x11, 0x11), 1.3);
  addGlyphs(actors, Glyph::octahedron, saddles, 0.9 * radius, QColor(0x22, 0x22, 0x22), Qt::white,
            1.45);
}

void addRun(Actors& actors, const RunBody& run, const RunLook& look) {
  actors.push_back(bodyActor(tubeOf(run.pieces, look.dash, kRunRadius), look.colour));
  actors.push_back(outlineActor(tubeOf(run.pieces, Qt::SolidLine, 1.5 * kRunRadius), Qt::white));
  addGlyphs(actors, Glyph::ball, {run.start}, kStartRadius, Qt::white, look.colour, 1.55);
  addGlyphs(actors, Glyph::star, {run.end}, kEndRadius, look.colour, Qt::white, 1.3);
}

}  // namespace tarn::ui
