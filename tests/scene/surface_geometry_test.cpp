#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include <vtkFloatArray.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include "topology/base/error.h"
#include "ui/scene/line_builder.h"
#include "ui/scene/surface_lines.h"
#include "ui/scene/surface_mesh.h"

namespace {

using Catch::Approx;
using tarn::Axis;
using tarn::ScalarGrid;
using tarn::ui::HeightScale;
using tarn::ui::SurfaceShape;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// f(x, y) over [0, nx − 1] × [0, ny − 1] at whole coordinates.
template <typename Function>
SurfaceShape shapeOf(std::size_t nx, std::size_t ny, Function f,
                     HeightScale scale = HeightScale::linear) {
  std::vector<double> values;
  for (std::size_t j = 0; j < ny; ++j) {
    for (std::size_t i = 0; i < nx; ++i) {
      values.push_back(f(static_cast<double>(i), static_cast<double>(j)));
    }
  }
  const std::vector<std::size_t> shape = {ny, nx};
  return SurfaceShape(std::make_shared<ScalarGrid>(ScalarGrid::fromArray(shape, std::move(values))),
                      scale, {});
}

double rising(double x, double /*y*/) {
  return x;
}

}  // namespace

TEST_CASE("the surface of n by m known values has two triangles a cell") {
  const auto mesh = tarn::ui::surfaceMesh(shapeOf(7, 5, rising), 1000);
  CHECK(mesh->GetNumberOfPolys() == 2 * 6 * 4);
}

TEST_CASE("an unknown value takes one triangle from each of the cells around it") {
  const auto hole = [](double hx, double hy) {
    return tarn::ui::surfaceMesh(
               shapeOf(7, 5, [&](double x, double y) { return x == hx && y == hy ? kNaN : x + y; }),
               1000)
        ->GetNumberOfPolys();
  };
  const int whole = 2 * 6 * 4;
  CHECK(hole(3, 2) == whole - 4 * 1);
  CHECK(hole(0, 2) == whole - 2 * 1);
  CHECK(hole(0, 0) == whole - 1);
  CHECK(hole(6, 4) == whole - 1);
  CHECK(hole(6, 0) == whole - 1);
}

TEST_CASE("the normals of a tilted plane are its own") {
  // In the scene the plane rises by kHeight over the length 2.
  const auto mesh = tarn::ui::surfaceMesh(shapeOf(9, 9, rising), 1000);
  const double slope = SurfaceShape::kHeight / 2;
  const double length = std::hypot(slope, 1.0);
  for (const vtkIdType id : {0, 8, 40, 80}) {
    const double* normal = mesh->GetPointData()->GetNormals()->GetTuple(id);
    CHECK(normal[0] == Approx(-slope / length));
    CHECK(std::abs(normal[1]) < 1e-7);
    CHECK(normal[2] == Approx(1.0 / length));
  }
}

TEST_CASE("the coarse mesh keeps the grid's border") {
  const auto mesh = tarn::ui::surfaceMesh(shapeOf(600, 300, rising), 256);
  CHECK(mesh->GetNumberOfPoints() == 256 * 256);
  double bounds[6];
  mesh->GetBounds(bounds);
  CHECK(bounds[0] == Approx(-1.0));
  CHECK(bounds[1] == Approx(1.0));
  CHECK(bounds[2] == Approx(-1.0));
  CHECK(bounds[3] == Approx(1.0));
  CHECK(bounds[5] == Approx(SurfaceShape::kHeight));
}

TEST_CASE("on a logarithmic scale a decade has the same height everywhere") {
  const SurfaceShape shape = shapeOf(
      5, 2, [](double x, double) { return std::pow(10.0, x - 3); }, HeightScale::logarithmic);
  for (int i = 0; i < 5; ++i) {
    CHECK(shape.placeOf(i)[2] == Approx(SurfaceShape::kHeight * i / 4.0).margin(1e-12));
  }
}

TEST_CASE("a plumb line meets the surface at the vertex beneath") {
  const SurfaceShape shape = shapeOf(11, 7, [](double x, double y) { return x * x + y * y; });
  for (const std::int64_t vertex : {0, 10, 24, 38, 76}) {
    const auto at = shape.placeOf(vertex);
    const double nudge = at[0] > 0 ? -0.01 : 0.01;
    CHECK(shape.vertexOnLine({at[0] + nudge, at[1], 3.0}, {at[0] + nudge, at[1], -3.0}) == vertex);
  }
}

TEST_CASE("a line beside the surface or through a hole meets nothing") {
  const SurfaceShape shape = shapeOf(11, 11, [](double x, double y) {
    return std::abs(x - 5) < 1.5 && std::abs(y - 5) < 1.5 ? kNaN : x + y;
  });
  CHECK_FALSE(shape.vertexOnLine({1.2, 0, 3}, {1.2, 0, -3}));
  CHECK_FALSE(shape.vertexOnLine({0, 0, 3}, {0, 0, -3}));
  CHECK(shape.vertexOnLine({0.6, 0.0, 3}, {0.6, 0.0, -3}) == 5 * 11 + 8);
}

TEST_CASE("a slanted line meets the nearer slope of a ridge") {
  // A ridge along y in the middle, seen from the low-x side, hides the high-x side.
  const SurfaceShape shape =
      shapeOf(21, 21, [](double x, double) { return 10.0 - std::abs(x - 10.0); });
  const auto vertex =
      shape.vertexOnLine({-5, 0, SurfaceShape::kHeight / 2}, {5, 0, SurfaceShape::kHeight / 2});
  REQUIRE(vertex);
  CHECK(*vertex % 21 == 5);
}

TEST_CASE("a ridge hides from either side what lies behind it") {
  const SurfaceShape shape =
      shapeOf(21, 21, [](double x, double) { return 10.0 - std::abs(x - 10.0); });
  const auto seenFrom = [&](double viewerX, double x) {
    return !shape.hides(shape.above(x, 10, 0.02), {viewerX, 0, 0.5});
  };
  CHECK(seenFrom(-5, 4));
  CHECK_FALSE(seenFrom(-5, 16));
  CHECK(seenFrom(5, 16));
  CHECK_FALSE(seenFrom(5, 4));
  // From right above nothing is hidden, from below all is.
  CHECK_FALSE(shape.hides(shape.above(4, 10, 0.02), {-0.6, 0, 5}));
  CHECK(shape.hides(shape.above(4, 10, 0.02), {-0.6, 0, -5}));
}

TEST_CASE("a body rests on a slope at a right angle to it") {
  // The plane rises by kHeight over a width of 2.
  const SurfaceShape shape = shapeOf(11, 11, [](double x, double) { return x; });
  const double slope = SurfaceShape::kHeight / 2;
  const double part = 0.1 / std::sqrt(1 + slope * slope);
  const auto on = shape.placeAt(4, 7);
  const auto above = shape.above(4, 7, 0.1);
  CHECK(above[0] - on[0] == Approx(-part * slope));
  CHECK(above[1] - on[1] == Approx(0.0).margin(1e-12));
  CHECK(above[2] - on[2] == Approx(part));
  CHECK(shape.above(7 * 11 + 4, 0.1) == above);
}

TEST_CASE("a run is drawn only where there is a surface") {
  const SurfaceShape shape = shapeOf(11, 11, [](double x, double y) { return x + y; });
  tarn::ui::Trajectory outside{"sgd", {{20, 20}, {25, 30}}, {1, 1}};
  CHECK(tarn::ui::tubeOf(tarn::ui::surfaceRun(shape, outside, 0.01), Qt::SolidLine, 0.01)
            ->GetNumberOfCells() == 0);
  tarn::ui::Trajectory leaving{"sgd", {{5, 5}, {15, 5}}, {1, 1}};
  double bounds[6];
  tarn::ui::tubeOf(tarn::ui::surfaceRun(shape, leaving, 0.01), Qt::SolidLine, 0.01)
      ->GetBounds(bounds);
  CHECK(bounds[0] == Approx(0.0).margin(0.011));
  CHECK(bounds[1] == Approx(1.0).margin(0.06));
}

TEST_CASE("a run follows the surface between its snapshots") {
  // Two snapshots on opposite rims of a valley: the tube goes down to its bottom.
  const SurfaceShape shape =
      shapeOf(41, 5, [](double x, double) { return (x - 20.0) * (x - 20.0); });
  tarn::ui::Trajectory run{"sgd", {{0, 2}, {40, 2}}, {400, 400}};
  double bounds[6];
  tarn::ui::tubeOf(tarn::ui::surfaceRun(shape, run, 0.01), Qt::SolidLine, 0.01)->GetBounds(bounds);
  CHECK(bounds[4] == Approx(0.0).margin(0.011));
}

TEST_CASE("a grid of one axis has no surface") {
  const std::vector<std::size_t> shape = {4};
  const auto line = std::make_shared<ScalarGrid>(ScalarGrid::fromArray(shape, {1, 2, 3, 4}));
  CHECK_THROWS_AS(SurfaceShape(line, HeightScale::linear, {}), tarn::Error);
}
