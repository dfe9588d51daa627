#include "ui/scene/slice.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "topology/base/error.h"
#include "ui/figures/contour_figure.h"
#include "ui/figures/project_figure.h"
#include "ui/scene/critical_points.h"

namespace {

using Catch::Approx;
using namespace tarn;
using ui::LandscapeData;
using ui::Slice;
using ui::SliceChoice;

/// f(i, j, k) = 100 i + 10 j + k on a grid of 3 × 4 × 5 points around 0: a value says its indices.
ScalarGrid numbered() {
  std::vector<double> values;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 4; ++j) {
      for (int k = 0; k < 5; ++k) {
        values.push_back(100 * i + 10 * j + k);
      }
    }
  }
  return {{{{-1, 0, 1}, "a", ""}, {{-1, 0, 1, 2}, "b", ""}, {{-2, -1, 0, 1, 2}, "c", ""}}, values};
}

/// Two wells in three dimensions, at (∓0.5, 0, ±0.5), the second one deeper.
ScalarGrid twoWells() {
  Axis axis;
  for (int i = 0; i <= 8; ++i) {
    axis.coordinates.push_back(i / 4.0 - 1.0);
  }
  std::vector<Axis> axes{axis, axis, axis};
  axes[0].label = "hessian:1";
  axes[1].label = "hessian:2";
  axes[2].label = "hessian:3";
  std::vector<double> values;
  for (const double a : axis.coordinates) {
    for (const double b : axis.coordinates) {
      for (const double c : axis.coordinates) {
        const auto well = [&](double atA, double atC) {
          return (a - atA) * (a - atA) + b * b + (c - atC) * (c - atC);
        };
        values.push_back(std::min(well(-0.5, 0.5) + 0.1, well(0.5, -0.5)));
      }
    }
  }
  return {axes, values};
}

ErrorCode codeOf(const ScalarGrid& grid, const SliceChoice& choice) {
  try {
    ui::sliceOf(grid, choice);
  } catch (const Error& error) {
    CHECK_FALSE(error.remedy().empty());
    return error.code();
  }
  FAIL("a slice was found");
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("the first slice has the first two axes and lies where the model is") {
  const ScalarGrid grid = numbered();
  const Slice slice = ui::firstSlice(grid);
  CHECK(slice.y == 0);
  CHECK(slice.x == 1);
  CHECK(slice.at == std::vector<std::size_t>{1, 1, 2});
  CHECK(fits(slice, grid));
}

TEST_CASE(
    "where 0 is not inside the first slice lies in the middle, and axes of one point are held") {
  const ScalarGrid grid =
      ScalarGrid::fromArray(std::vector<std::size_t>{1, 4, 5}, std::vector<double>(20, 0.0));
  const Slice slice = ui::firstSlice(grid);
  CHECK(slice.y == 1);
  CHECK(slice.x == 2);
  CHECK(slice.at == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("a slice has the values of the grid where it lies, in any order of its axes") {
  const ScalarGrid grid = numbered();
  const ScalarGrid first = ui::slicedGrid(grid, {1, 0, {0, 0, 3}});
  REQUIRE(first.shape() == std::vector<std::size_t>{3, 4});
  CHECK(first.value(1 * 4 + 2) == 123);
  CHECK(first.axes()[0].label == "a");
  const ScalarGrid second = ui::slicedGrid(grid, {0, 2, {0, 1, 0}});
  REQUIRE(second.shape() == std::vector<std::size_t>{5, 3});
  CHECK(second.value(4 * 3 + 2) == 214);
}

TEST_CASE("a vertex of the slice and the vertex of the whole that it is find each other") {
  const ScalarGrid grid = numbered();
  const Slice slice{2, 1, {2, 0, 0}};
  const ScalarGrid plane = ui::slicedGrid(grid, slice);
  for (std::int64_t vertex = 0; vertex < static_cast<std::int64_t>(plane.size()); ++vertex) {
    const std::int64_t whole = ui::vertexOfWhole(grid, slice, vertex);
    CHECK(grid.value(whole) == plane.value(vertex));
    CHECK(ui::vertexOfSlice(grid, slice, whole) == vertex);
  }
  CHECK_FALSE(ui::vertexOfSlice(grid, slice, 0));
  CHECK_FALSE(ui::vertexOfSlice(grid, slice, -1));
  CHECK_FALSE(ui::vertexOfSlice(grid, slice, 60));
}

TEST_CASE("minima of the whole are marked in the slice that they lie in, and in no other") {
  const LandscapeData whole = ui::landscapeDataOf(twoWells());
  REQUIRE(whole.tree->minimaCount == 2);
  const auto marked = [&](std::size_t k) {
    const LandscapeData plane = ui::slicedLandscape(whole, {1, 0, {0, 0, k}});
    std::vector<std::int64_t> minima;
    for (const auto& point : ui::criticalPoints(plane.tree.get(), plane.grid->size())) {
      if (point.minimum) {
        minima.push_back(point.vertex);
      }
    }
    return minima;
  };
  // hessian:3 = −0.5 is its point 2, ½ its point 6; 0 of hessian:2 is point 4.
  CHECK(marked(2) == std::vector<std::int64_t>{6 * 9 + 4});
  CHECK(marked(6) == std::vector<std::int64_t>{2 * 9 + 4});
  CHECK(marked(0).empty());
}

TEST_CASE("a slice keeps the heights of the whole, says where it lies, and has its own captions") {
  const LandscapeData whole = ui::landscapeDataOf(twoWells());
  const LandscapeData plane = ui::slicedLandscape(whole, {2, 0, {0, 5, 0}});
  CHECK(plane.place == "hessian:2 = 0.25");
  CHECK(plane.x.text() == "hessian:3");
  CHECK(plane.y.text() == "hessian:1");
  const auto heights = ui::heightsOf(plane, {});
  CHECK(heights.low() == Approx(0.0));
  // The corner (1, 1, 1) is as far from both wells: 0.5² + 1 + 1.5².
  CHECK(heights.high() == Approx(3.5));
}

TEST_CASE("a run is drawn at its coordinates along the axes of the slice") {
  LandscapeData whole = ui::landscapeDataOf(twoWells());
  ui::Trajectory run;
  run.name = "sgd";
  run.add({0.1, 0.2, 0.3}, 1.0);
  run.add({0.4, 0.5, 0.6}, 0.5);
  whole.trajectories = {run};
  const LandscapeData plane = ui::slicedLandscape(whole, {2, 1, {0, 0, 0}});
  REQUIRE(plane.trajectories.size() == 1);
  const auto& points = plane.trajectories[0].points;
  REQUIRE(points.size() == 2);
  CHECK(points[1] == std::array<double, 2>{0.6, 0.5});
}

TEST_CASE("basins of the whole are cut by the slice, and so is what is selected") {
  LandscapeData whole = ui::landscapeDataOf(twoWells());
  std::vector<std::int32_t> basins(whole.grid->size());
  for (std::size_t vertex = 0; vertex < basins.size(); ++vertex) {
    basins[vertex] = static_cast<std::int32_t>(vertex % 9);  // its place along the last axis
  }
  whole.basins = std::make_shared<const std::vector<std::int32_t>>(basins);
  whole.selection = 7;  // (0, 0, 7)
  const LandscapeData plane = ui::slicedLandscape(whole, {1, 0, {4, 4, 7}});
  CHECK(*plane.basins == std::vector<std::int32_t>(81, 7));
  CHECK(plane.selection == 0);
  CHECK_FALSE(ui::slicedLandscape(whole, {1, 0, {4, 4, 6}}).selection);
}

TEST_CASE("a choice of a slice in words gives that slice back") {
  const ScalarGrid grid = numbered();
  CHECK(ui::choiceOf(grid, ui::firstSlice(grid)) == SliceChoice());
  const Slice slice{0, 2, {1, 3, 2}};
  const SliceChoice choice = ui::choiceOf(grid, slice);
  REQUIRE(choice.axes);
  CHECK((*choice.axes)[0] == 1);
  CHECK((*choice.axes)[1] == 3);
  CHECK(choice.at == std::vector<std::pair<std::size_t, double>>{{2, 2.0}});
  CHECK(samePlane(ui::sliceOf(grid, choice), slice));
  CHECK(ui::sliceOf(grid, {{}, {{3, 0.6}}}).at[2] == 3);
}

TEST_CASE("axes that the landscape does not have are refused") {
  const ScalarGrid grid = numbered();
  CHECK(codeOf(grid, {{{1, 4}}, {}}) == ErrorCode::usage);
  CHECK(codeOf(grid, {{{2, 2}}, {}}) == ErrorCode::usage);
  CHECK(codeOf(grid, {{}, {{0, 1.0}}}) == ErrorCode::usage);
}

TEST_CASE("a place beyond an axis's ends is refused, one that rounds to an end is on it") {
  const ScalarGrid grid = numbered();
  const auto& coordinates = grid.axes()[1].coordinates;
  const double end = coordinates.back();
  const double step = end - coordinates[coordinates.size() - 2];
  CHECK(codeOf(grid, {{}, {{2, end + step}}}) == ErrorCode::usage);
  CHECK(codeOf(grid, {{}, {{2, coordinates.front() - step}}}) == ErrorCode::usage);
  CHECK(codeOf(grid, {{}, {{2, std::nan("")}}}) == ErrorCode::usage);
  CHECK(ui::sliceOf(grid, {{}, {{2, end + step / 10}}}).at[1] == coordinates.size() - 1);
}
