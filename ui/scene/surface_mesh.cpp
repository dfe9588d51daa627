#include "ui/scene/surface_mesh.h"

#include <algorithm>
#include <cmath>

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>

namespace tarn::ui {
namespace {

std::vector<std::size_t> spread(std::size_t count, std::size_t most) {
  const std::size_t kept = std::min(count, std::max<std::size_t>(most, 2));
  std::vector<std::size_t> indices(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    indices[i] = (i * (count - 1) + (kept - 1) / 2) / (kept - 1);
  }
  return indices;
}

/// A coarser or equal copy of a shape: places along the axes and heights, NaN where unknown.
struct Lattice {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> z;
  std::vector<float> textureX;  ///< of a pixel's middle
  std::vector<float> textureY;

  std::size_t index(std::size_t i, std::size_t j) const { return j * x.size() + i; }
  bool known(std::size_t v) const { return std::isfinite(z[v]); }

  /// dz over the distance between the neighbours that are known; 0 when there are none.
  static double slope(const std::vector<double>& at, const std::vector<double>& heights,
                      std::size_t i, std::size_t vertex, std::size_t stride) {
    std::size_t low = i;
    std::size_t high = i;
    double zLow = heights[vertex];
    double zHigh = heights[vertex];
    if (i > 0 && std::isfinite(heights[vertex - stride])) {
      low = i - 1;
      zLow = heights[vertex - stride];
    }
    if (i + 1 < at.size() && std::isfinite(heights[vertex + stride])) {
      high = i + 1;
      zHigh = heights[vertex + stride];
    }
    return low == high ? 0.0 : (zHigh - zLow) / (at[high] - at[low]);
  }
};

float pixelMiddle(std::size_t index, std::size_t count) {
  return static_cast<float>((static_cast<double>(index) + 0.5) / static_cast<double>(count));
}

Lattice latticeOf(const SurfaceShape& shape, std::size_t most) {
  const auto columns = spread(shape.xs().size(), most);
  const auto rows = spread(shape.ys().size(), most);
  Lattice lattice;
  for (const std::size_t i : columns) {
    lattice.x.push_back(shape.placeX(shape.xs()[i]));
    lattice.textureX.push_back(pixelMiddle(i, shape.xs().size()));
  }
  for (const std::size_t j : rows) {
    lattice.y.push_back(shape.placeY(shape.ys()[j]));
    lattice.textureY.push_back(pixelMiddle(j, shape.ys().size()));
  }
  const Plane plane = shape.plane();
  lattice.z.reserve(columns.size() * rows.size());
  for (const std::size_t j : rows) {
    for (const std::size_t i : columns) {
      lattice.z.push_back(SurfaceShape::kHeight * plane.values[j * shape.xs().size() + i]);
    }
  }
  return lattice;
}

vtkNew<vtkCellArray> trianglesOf(const Lattice& lattice) {
  vtkNew<vtkCellArray> triangles;
  const auto add = [&](std::size_t a, std::size_t b, std::size_t c) {
    if (lattice.known(a) && lattice.known(b) && lattice.known(c)) {
      const std::array<vtkIdType, 3> ids = {static_cast<vtkIdType>(a), static_cast<vtkIdType>(b),
                                            static_cast<vtkIdType>(c)};
      triangles->InsertNextCell(3, ids.data());
    }
  };
  for (std::size_t j = 0; j + 1 < lattice.y.size(); ++j) {
    for (std::size_t i = 0; i + 1 < lattice.x.size(); ++i) {
      const std::size_t a = lattice.index(i, j);
      const std::size_t b = a + 1;
      const std::size_t d = lattice.index(i, j + 1);
      const std::size_t c = d + 1;
      // Cut along the diagonal that both halves of a cell with one unknown corner can keep.
      if (!lattice.known(a) || !lattice.known(c)) {
        add(a, b, d);
        add(b, c, d);
      } else {
        add(a, b, c);
        add(a, c, d);
      }
    }
  }
  return triangles;
}

}  // namespace

vtkSmartPointer<vtkPolyData> surfaceMesh(const SurfaceShape& shape, std::size_t most) {
  const Lattice lattice = latticeOf(shape, most);
  const auto count = static_cast<vtkIdType>(lattice.z.size());
  vtkNew<vtkPoints> points;
  points->SetNumberOfPoints(count);
  vtkNew<vtkFloatArray> normals;
  normals->SetNumberOfComponents(3);
  normals->SetNumberOfTuples(count);
  vtkNew<vtkFloatArray> heights;
  heights->SetName("height");
  heights->SetNumberOfTuples(count);
  vtkNew<vtkFloatArray> places;
  places->SetNumberOfComponents(2);
  places->SetNumberOfTuples(count);
  for (std::size_t j = 0; j < lattice.y.size(); ++j) {
    for (std::size_t i = 0; i < lattice.x.size(); ++i) {
      const std::size_t v = lattice.index(i, j);
      const auto id = static_cast<vtkIdType>(v);
      const double z = lattice.known(v) ? lattice.z[v] : 0.0;
      points->SetPoint(id, lattice.x[i], lattice.y[j], z);
      places->SetTuple2(id, lattice.textureX[i], lattice.textureY[j]);
      heights->SetValue(id, static_cast<float>(z / SurfaceShape::kHeight));
      double dx = 0.0;
      double dy = 0.0;
      if (lattice.known(v)) {
        dx = Lattice::slope(lattice.x, lattice.z, i, v, 1);
        dy = Lattice::slope(lattice.y, lattice.z, j, v, lattice.x.size());
      }
      const double length = std::sqrt(dx * dx + dy * dy + 1.0);
      normals->SetTuple3(id, -dx / length, -dy / length, 1.0 / length);
    }
  }
  auto mesh = vtkSmartPointer<vtkPolyData>::New();
  mesh->SetPoints(points);
  mesh->SetPolys(trianglesOf(lattice));
  mesh->GetPointData()->SetNormals(normals);
  mesh->GetPointData()->SetScalars(heights);
  mesh->GetPointData()->SetTCoords(places);
  return mesh;
}

}  // namespace tarn::ui
