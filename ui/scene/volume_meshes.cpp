#include "ui/scene/volume_meshes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkFloatArray.h>
#include <vtkFlyingEdges3D.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkUnsignedCharArray.h>

#include "ui/figures/iso_lines.h"
#include "ui/scene/line_builder.h"
#include "ui/scene/surface_lines.h"

namespace tarn::ui {
namespace {

constexpr double kOffSlice = 0.004;
constexpr const char* kGradient = "gradient";

/// How heights rise along a direction of the scene, from the neighbours that have one.
double slopeAt(const VolumeShape& shape, VolumeShape::Index at, std::size_t direction) {
  const auto& coordinates = shape.coordinates(direction);
  const auto neighbour = [&](bool up) {
    VolumeShape::Index other = at;
    const bool inside = up ? at[direction] + 1 < coordinates.size() : at[direction] > 0;
    if (inside) {
      other[direction] = up ? at[direction] + 1 : at[direction] - 1;
    }
    return std::isfinite(shape.unit(other)) ? other : at;
  };
  const VolumeShape::Index low = neighbour(false);
  const VolumeShape::Index high = neighbour(true);
  const double length = shape.place(direction, coordinates[high[direction]]) -
                        shape.place(direction, coordinates[low[direction]]);
  return length > 0.0 ? (shape.unit(high) - shape.unit(low)) / length : 0.0;
}

/// Where a place between points, counted in them, stands in the scene.
Point3 placeBetween(const VolumeShape& shape, const double* indices) {
  Point3 place{};
  for (std::size_t k = 0; k < 3; ++k) {
    const auto& coordinates = shape.coordinates(k);
    const auto low = std::min(static_cast<std::size_t>(indices[k]), coordinates.size() - 2);
    const double part = indices[k] - static_cast<double>(low);
    place[k] = shape.place(k, coordinates[low] + part * (coordinates[low + 1] - coordinates[low]));
  }
  return place;
}

/// Whether all corners of the cell around a place between points have a value.
bool cellIsKnown(const VolumeShape& shape, const Point3& indices) {
  VolumeShape::Index low{};
  for (std::size_t k = 0; k < 3; ++k) {
    if (!std::isfinite(indices[k])) {
      return false;
    }
    low[k] = std::min(static_cast<std::size_t>(indices[k]), shape.size()[k] - 2);
  }
  for (std::size_t corner = 0; corner < 8; ++corner) {
    if (!std::isfinite(shape.unit(
            {low[0] + (corner & 1U), low[1] + (corner >> 1U & 1U), low[2] + (corner >> 2U)}))) {
      return false;
    }
  }
  return true;
}

/// The triangles of known cells, turned so that they face where their normals point: uphill.
vtkSmartPointer<vtkCellArray> knownTriangles(const VolumeShape& shape, vtkPolyData* surface) {
  auto known = vtkSmartPointer<vtkCellArray>::New();
  vtkIdType count = 0;
  const vtkIdType* ids = nullptr;
  vtkCellArray* all = surface->GetPolys();
  for (all->InitTraversal(); all->GetNextCell(count, ids);) {
    Point3 middle{};
    for (vtkIdType i = 0; i < count; ++i) {
      Point3 corner{};
      surface->GetPoint(ids[i], corner.data());
      for (std::size_t k = 0; k < 3; ++k) {
        middle[k] += corner[k] / static_cast<double>(count);
      }
    }
    if (cellIsKnown(shape, middle)) {
      const std::array<vtkIdType, 3> turned = {ids[0], ids[2], ids[1]};
      known->InsertNextCell(3, turned.data());
    }
  }
  return known;
}

/// A plane of the volume: its two other directions, the first of them the faster one.
struct SlicePlane {
  std::size_t direction;
  std::size_t index;
  std::size_t across;
  std::size_t up;

  VolumeShape::Index at(std::size_t i, std::size_t j) const {
    VolumeShape::Index index3{};
    index3[direction] = index;
    index3[across] = i;
    index3[up] = j;
    return index3;
  }
};

SlicePlane slicePlane(std::size_t direction, std::size_t index) {
  return {direction, index, direction == 0 ? std::size_t{1} : 0,
          direction == 2 ? std::size_t{1} : 2};
}

}  // namespace

IsoSurfaces::IsoSurfaces(const VolumeShape& shape) : shape_(shape) {
  const auto& size = shape.size();
  image_->SetDimensions(static_cast<int>(size[0]), static_cast<int>(size[1]),
                        static_cast<int>(size[2]));
  const auto count = static_cast<vtkIdType>(shape.units().size());
  vtkNew<vtkDoubleArray> heights;
  heights->SetNumberOfTuples(count);
  std::ranges::copy(shape.units(), heights->GetPointer(0));
  vtkNew<vtkFloatArray> gradient;
  gradient->SetName(kGradient);
  gradient->SetNumberOfComponents(3);
  gradient->SetNumberOfTuples(count);
  vtkIdType point = 0;
  for (VolumeShape::Index at{}; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0], ++point) {
        gradient->SetTuple3(point, slopeAt(shape, at, 0), slopeAt(shape, at, 1),
                            slopeAt(shape, at, 2));
      }
    }
  }
  image_->GetPointData()->SetScalars(heights);
  image_->GetPointData()->AddArray(gradient);
}

vtkSmartPointer<vtkPolyData> IsoSurfaces::at(double unit) const {
  vtkNew<vtkFlyingEdges3D> edges;
  edges->SetInputData(image_);
  edges->SetValue(0, unit);
  edges->ComputeNormalsOff();
  edges->ComputeScalarsOff();
  edges->InterpolateAttributesOn();
  edges->Update();
  vtkPolyData* found = edges->GetOutput();
  auto surface = vtkSmartPointer<vtkPolyData>::New();
  const vtkIdType count = found->GetNumberOfPoints();
  vtkNew<vtkPoints> points;
  points->SetNumberOfPoints(count);
  vtkNew<vtkFloatArray> normals;
  normals->SetNumberOfComponents(3);
  normals->SetNumberOfTuples(count);
  vtkDataArray* gradient = found->GetPointData()->GetArray(kGradient);
  for (vtkIdType i = 0; i < count; ++i) {
    Point3 at{};
    found->GetPoint(i, at.data());
    const bool known = std::ranges::all_of(at, [](double x) { return std::isfinite(x); });
    points->SetPoint(i, known ? placeBetween(shape_, at.data()).data() : Point3{}.data());
    Point3 normal{};
    gradient->GetTuple(i, normal.data());
    const double length = std::hypot(normal[0], normal[1], normal[2]);
    const bool steep = length > 0.0 && std::isfinite(length);
    normals->SetTuple3(i, steep ? normal[0] / length : 0.0, steep ? normal[1] / length : 0.0,
                       steep ? normal[2] / length : 1.0);
  }
  surface->SetPoints(points);
  surface->SetPolys(knownTriangles(shape_, found));
  surface->GetPointData()->SetNormals(normals);
  return surface;
}

vtkSmartPointer<vtkPolyData> sliceMesh(const VolumeShape& shape, std::size_t direction,
                                       std::size_t index) {
  const SlicePlane plane = slicePlane(direction, index);
  const std::size_t columns = shape.size()[plane.across];
  const std::size_t rows = shape.size()[plane.up];
  vtkNew<vtkPoints> points;
  vtkNew<vtkFloatArray> heights;
  vtkNew<vtkCellArray> cells;
  for (std::size_t j = 0; j < rows; ++j) {
    for (std::size_t i = 0; i < columns; ++i) {
      const double unit = shape.unit(plane.at(i, j));
      points->InsertNextPoint(shape.placeOf(plane.at(i, j)).data());
      heights->InsertNextValue(std::isfinite(unit) ? static_cast<float>(unit) : 0.0F);
    }
  }
  for (std::size_t j = 0; j + 1 < rows; ++j) {
    for (std::size_t i = 0; i + 1 < columns; ++i) {
      const double sum = shape.unit(plane.at(i, j)) + shape.unit(plane.at(i + 1, j)) +
                         shape.unit(plane.at(i, j + 1)) + shape.unit(plane.at(i + 1, j + 1));
      if (std::isfinite(sum)) {
        const auto low =
            static_cast<vtkIdType>(j) * static_cast<vtkIdType>(columns) + static_cast<vtkIdType>(i);
        const auto high = low + static_cast<vtkIdType>(columns);
        const std::array<vtkIdType, 4> ids = {low, low + 1, high + 1, high};
        cells->InsertNextCell(4, ids.data());
      }
    }
  }
  auto mesh = vtkSmartPointer<vtkPolyData>::New();
  mesh->SetPoints(points);
  mesh->SetPolys(cells);
  mesh->GetPointData()->SetScalars(heights);
  return mesh;
}

vtkSmartPointer<vtkPolyData> sliceIsoLines(const VolumeShape& shape, std::size_t direction,
                                           std::size_t index, const ColourMap& colours,
                                           int levels) {
  const SlicePlane plane = slicePlane(direction, index);
  const auto& xs = shape.coordinates(plane.across);
  const auto& ys = shape.coordinates(plane.up);
  std::vector<double> units;
  for (std::size_t j = 0; j < ys.size(); ++j) {
    for (std::size_t i = 0; i < xs.size(); ++i) {
      units.push_back(shape.unit(plane.at(i, j)));
    }
  }
  LineBuilder builder;
  vtkNew<vtkUnsignedCharArray> inks;
  inks->SetNumberOfComponents(4);
  const double middle = shape.placeOf(plane.at(0, 0))[direction];
  for (const Tick& tick : shape.heights().levels(std::max(levels, 1))) {
    const double unit = shape.heights().unit(tick.value);
    if (unit < 1e-3 || unit > 1.0 - 1e-3) {
      continue;
    }
    const auto ink = isoInk(colours.at(unit));
    for (const Polyline& line : isoLines({xs, ys, units}, unit)) {
      for (const double side : {-kOffSlice, kOffSlice}) {
        std::vector<Point3> points;
        for (const auto& [x, y] : line.points) {
          Point3 place{};
          place[direction] = middle + side;
          place[plane.across] = shape.place(plane.across, x);
          place[plane.up] = shape.place(plane.up, y);
          points.push_back(place);
        }
        if (line.closed) {
          points.push_back(points.front());
        }
        if (points.size() >= 2) {
          builder.add(points);
          inks->InsertNextTypedTuple(ink.data());
        }
      }
    }
  }
  auto lines = builder.build();
  lines->GetCellData()->SetScalars(inks);
  return lines;
}

vtkSmartPointer<vtkPolyData> sliceBorder(const VolumeShape& shape, std::size_t direction,
                                         std::size_t index) {
  const SlicePlane plane = slicePlane(direction, index);
  const std::size_t right = shape.size()[plane.across] - 1;
  const std::size_t top = shape.size()[plane.up] - 1;
  LineBuilder builder;
  builder.add({shape.placeOf(plane.at(0, 0)), shape.placeOf(plane.at(right, 0)),
               shape.placeOf(plane.at(right, top)), shape.placeOf(plane.at(0, top)),
               shape.placeOf(plane.at(0, 0))});
  return builder.build();
}

vtkSmartPointer<vtkPolyData> cubeWall(const VolumeShape& shape, std::size_t direction, bool upper) {
  const SlicePlane plane = slicePlane(direction, 0);
  LineBuilder builder;
  const auto add = [&](std::size_t along, std::size_t other, double at) {
    Point3 from{};
    from[direction] = upper ? 1.0 : -1.0;
    from[other] = at;
    from[along] = -1.0;
    Point3 to = from;
    to[along] = 1.0;
    builder.add({from, to});
  };
  for (const auto& [along, other] :
       {std::pair(plane.across, plane.up), std::pair(plane.up, plane.across)}) {
    add(along, other, -1.0);
    add(along, other, 1.0);
    const auto& coordinates = shape.coordinates(other);
    for (const Tick& tick : roundTicks(coordinates.front(), coordinates.back(), 6)) {
      add(along, other, shape.place(other, tick.value));
    }
  }
  return builder.build();
}

}  // namespace tarn::ui
