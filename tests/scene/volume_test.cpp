#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include <vtkCellArray.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include "topology/base/error.h"
#include "ui/scene/volume_data.h"
#include "ui/scene/volume_meshes.h"
#include "ui/scene/volume_ray.h"
#include "ui/scene/volume_shape.h"

namespace {

using Catch::Approx;
using namespace tarn;
using ui::HeightMap;
using ui::HeightScale;
using ui::Point3;
using ui::VolumeShape;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::vector<double> evenly(std::size_t count, double from, double to) {
  std::vector<double> coordinates;
  for (std::size_t i = 0; i < count; ++i) {
    coordinates.push_back(from +
                          (to - from) * static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return coordinates;
}

/// f(a, b, c) over axes of these coordinates.
template <typename Function>
VolumeShape shapeOf(const std::vector<double>& as, const std::vector<double>& bs,
                    const std::vector<double>& cs, Function f,
                    HeightScale scale = HeightScale::linear) {
  std::vector<double> values;
  for (const double a : as) {
    for (const double b : bs) {
      for (const double c : cs) {
        values.push_back(f(a, b, c));
      }
    }
  }
  auto grid = std::make_shared<const ScalarGrid>(
      std::vector<Axis>{{as, "a", ""}, {bs, "b", ""}, {cs, "c", ""}}, std::move(values));
  return {grid, HeightMap(grid->values(), scale)};
}

double squares(double a, double b, double c) {
  return a * a + b * b + c * c;
}

double areaOf(vtkPolyData* surface) {
  double area = 0.0;
  vtkIdType count = 0;
  const vtkIdType* ids = nullptr;
  vtkCellArray* cells = surface->GetPolys();
  for (cells->InitTraversal(); cells->GetNextCell(count, ids);) {
    std::array<Point3, 3> p{};
    for (std::size_t i = 0; i < 3; ++i) {
      surface->GetPoint(ids[i], p[i].data());
    }
    const Point3 u{p[1][0] - p[0][0], p[1][1] - p[0][1], p[1][2] - p[0][2]};
    const Point3 v{p[2][0] - p[0][0], p[2][1] - p[0][1], p[2][2] - p[0][2]};
    area += std::hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                       u[0] * v[1] - u[1] * v[0]) /
            2.0;
  }
  return area;
}

/// Of the tetrahedron over a triangle with its top in the middle: above 0 where the corners turn
/// left as seen from outside.
double signedVolume(const Point3& a, const Point3& b, const Point3& c) {
  return (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
          a[2] * (b[0] * c[1] - b[1] * c[0])) /
         6.0;
}

/// The points that a triangle of the surface has.
std::vector<Point3> pointsOf(vtkPolyData* surface) {
  std::vector<Point3> points;
  vtkIdType count = 0;
  const vtkIdType* ids = nullptr;
  vtkCellArray* cells = surface->GetPolys();
  for (cells->InitTraversal(); cells->GetNextCell(count, ids);) {
    for (vtkIdType i = 0; i < count; ++i) {
      points.emplace_back();
      surface->GetPoint(ids[i], points.back().data());
    }
  }
  return points;
}

}  // namespace

TEST_CASE("the first axis is y, the second x, the third goes up") {
  const VolumeShape shape =
      shapeOf({0, 1, 4}, {0, 10}, {-1, 1}, [](double a, double b, double c) { return a + b + c; });
  // (a, b, c) = (1, 10, −1) is vertex (1, 1, 0): 1·4 + 1·2 + 0.
  const Point3 place = shape.placeOf(std::int64_t{6});
  CHECK(place == Point3{1.0, -0.5, -1.0});
  CHECK(shape.vertexAt(shape.indexOf(6)) == 6);
  CHECK(shape.unit(shape.indexOf(6)) == Approx((1 + 10 - 1 + 1) / 16.0));
  CHECK(shape.placeAt({1, 10, -1}) == place);
  CHECK(shape.nearestVertex({0.9, -0.4, -0.8}) == 6);
}

TEST_CASE("between the points heights are linear along each axis") {
  const VolumeShape shape = shapeOf({0, 1, 4}, {0, 2, 3}, {0, 1}, [](double a, double b, double c) {
    return (1 + a) * (1 + b) * (1 + c);
  });
  for (const auto& at : {std::vector<double>{0.5, 1.0, 0.5}, {3.0, 2.5, 0.25}}) {
    const double value = (1 + at[0]) * (1 + at[1]) * (1 + at[2]);
    CHECK(shape.unitAt(shape.placeAt(at)) == Approx((value - 1) / (5 * 4 * 2 - 1)));
  }
  CHECK(std::isnan(shape.unitAt({0, 0, 1.1})));
}

TEST_CASE("a level of |x|² is a sphere") {
  const auto axis = evenly(41, -1, 1);
  const VolumeShape shape = shapeOf(axis, axis, axis, squares);
  const double radius = 0.6;
  const auto surface = ui::IsoSurfaces(shape).at(radius * radius / 3.0);
  const auto points = pointsOf(surface);
  REQUIRE(points.size() > 1000);
  for (const Point3& p : points) {
    CHECK(std::hypot(p[0], p[1], p[2]) == Approx(radius).margin(0.0012));
  }
  CHECK(areaOf(surface) == Approx(4 * std::numbers::pi * radius * radius).epsilon(0.01));
  // Its triangles face where the values rise, away from the middle, and so do its normals.
  double volume = 0.0;
  for (std::size_t i = 0; i < points.size(); i += 3) {
    volume += signedVolume(points[i], points[i + 1], points[i + 2]);
  }
  CHECK(volume == Approx(4.0 / 3.0 * std::numbers::pi * std::pow(radius, 3)).epsilon(0.01));
  for (vtkIdType i = 0; i < surface->GetNumberOfPoints(); ++i) {
    Point3 at{};
    Point3 normal{};
    surface->GetPoint(i, at.data());
    surface->GetPointData()->GetNormals()->GetTuple(i, normal.data());
    CHECK((at[0] * normal[0] + at[1] * normal[1] + at[2] * normal[2]) / radius > 0.995);
  }
}

TEST_CASE("a level of a plane is flat on axes of uneven steps as well") {
  const VolumeShape shape = shapeOf({0, 1, 2, 8}, {0, 3, 4, 8}, {0, 2, 7, 8},
                                    [](double a, double b, double c) { return a + 2 * b + 3 * c; });
  const auto surface = ui::IsoSurfaces(shape).at(0.5);
  const auto points = pointsOf(surface);
  REQUIRE_FALSE(points.empty());
  for (const Point3& p : points) {
    // x is b, y is a; the middle of the cube is half-way up.
    CHECK(p[1] + 2 * p[0] + 3 * p[2] == Approx(0.0).margin(1e-5));
  }
}

TEST_CASE("cells with a corner of no value have no surface and no slice") {
  const auto axis = evenly(11, -1, 1);
  const VolumeShape whole = shapeOf(axis, axis, axis, squares);
  // Nothing is known of a < 0: y < 0 in the scene.
  const VolumeShape half = shapeOf(axis, axis, axis, [](double a, double b, double c) {
    return a < -1e-9 ? kMissing : squares(a, b, c);
  });
  const auto surface = ui::IsoSurfaces(half).at(0.2);
  const auto points = pointsOf(surface);
  REQUIRE_FALSE(points.empty());
  for (const Point3& p : points) {
    CHECK(p[1] >= -1e-9);
  }
  CHECK(areaOf(surface) == Approx(areaOf(ui::IsoSurfaces(whole).at(0.2)) / 2).epsilon(1e-6));
  CHECK(ui::sliceMesh(whole, 2, 5)->GetNumberOfCells() == 100);
  CHECK(ui::sliceMesh(half, 2, 5)->GetNumberOfCells() == 50);
  CHECK(ui::sliceMesh(half, 1, 2)->GetNumberOfCells() == 0);
}

TEST_CASE("a line of sight meets the slice or the surface that is nearer") {
  const auto axis = evenly(21, -1, 1);
  const VolumeShape shape = shapeOf(axis, axis, axis, squares);
  const std::array units{0.25 / 3.0};  // a sphere of radius ½
  const Point3 from{0.05, -5, 0.02};
  const Point3 to{0.05, 5, 0.02};
  const auto surface = ui::firstSeen(shape, {}, units, from, to);
  REQUIRE(surface);
  CHECK((*surface)[1] == Approx(-0.5).margin(0.05));
  const auto slice = ui::firstSeen(shape, {std::nullopt, 2, std::nullopt}, units, from, to);
  REQUIRE(slice);
  CHECK((*slice)[1] == Approx(-0.8));
  const auto behind = ui::firstSeen(shape, {std::nullopt, 18, std::nullopt}, units, from, to);
  CHECK(behind == surface);
  CHECK_FALSE(ui::firstSeen(shape, {}, units, {0.9, -5, 0.9}, {0.9, 5, 0.9}));
  CHECK_FALSE(ui::firstSeen(shape, {10, 10, 10}, units, {2, -5, 0}, {2, 5, 0}));
}

TEST_CASE("a way is cut where it leaves the cube, and goes on where it comes back") {
  const auto pieces = ui::piecesInCube({{0, 0, 0}, {2, 0, 0}, {2, 0.5, 0}, {0, 0.5, 0}, {0, 1, 0}});
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0] == std::vector<Point3>{{0, 0, 0}, {1, 0, 0}});
  CHECK(pieces[1] == std::vector<Point3>{{1, 0.5, 0}, {0, 0.5, 0}, {0, 1, 0}});
  CHECK(ui::piecesInCube({{3, 0, 0}, {2, 2, 0}}).empty());
}

TEST_CASE("iso-surfaces are spaced evenly in height up to the level") {
  const std::vector<double> values{1, 10, 100, 1000, 10000};
  const HeightMap linear(values, HeightScale::linear);
  CHECK(ui::surfaceUnits(linear, 5000.5, 2) == std::vector<double>{0.25, 0.5});
  const HeightMap logarithmic(values, HeightScale::logarithmic);
  const auto units = ui::surfaceUnits(logarithmic, 100, 2);
  REQUIRE(units.size() == 2);
  CHECK(ui::valueAt(logarithmic, units[0]) == Approx(10));
  CHECK(ui::valueAt(logarithmic, units[1]) == Approx(100));
  CHECK(ui::surfaceUnits(linear, 1, 3).empty());
  CHECK(ui::surfaceUnits(linear, 20000, 3).empty());
  CHECK(ui::surfaceUnits(linear, 500, 0).empty());
}

TEST_CASE("the first level is what a fifth of the points with a value do not exceed") {
  std::vector<double> values(27, kMissing);
  for (std::size_t i = 0; i < 11; ++i) {
    values[2 * i] = static_cast<double>(10 - i);
  }
  const std::vector<std::size_t> cube{3, 3, 3};
  CHECK(ui::firstLevel(ScalarGrid::fromArray(cube, values)) == 2.0);
  CHECK(ui::firstLevel(ScalarGrid::fromArray(cube, std::vector<double>(27, kMissing))) == 0.0);
}

TEST_CASE("a plane has no volume") {
  const std::vector<std::size_t> shape{4, 4};
  const auto plane = std::make_shared<const ScalarGrid>(
      ScalarGrid::fromArray(shape, std::vector<double>(16, 1.0)));
  CHECK_THROWS_AS(VolumeShape(plane, HeightMap(plane->values(), HeightScale::linear)), Error);
  CHECK_FALSE(ui::isVolume(*plane));
}
