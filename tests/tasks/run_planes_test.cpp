#include "engine/tasks/run_planes.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/tasks/projection.h"
#include "tasks/run_project.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Approx;

namespace {

std::vector<double> valuesOf(const StoredDirections& plane, std::size_t axis) {
  return plane.axes.at(axis).values.toDoubles();
}

/// Offsets ±3, ±2 and ±1 along three axes, about (1, 1, 1): variances 18, 8 and 2.
const std::vector<std::vector<double>> kCross{{4, 1, 1},  {-2, 1, 1}, {1, 3, 1},
                                              {1, -1, 1}, {1, 1, 2},  {1, 1, 0}};

}  // namespace

TEST_CASE("principal components of all runs are the axes of their largest variance") {
  const RunProject project("run-planes");
  const auto first = project.addRun({kCross.begin(), kCross.begin() + 3});
  const auto second = project.addRun({kCross.begin() + 3, kCross.end()});
  const StoredDirections plane = planeOfRuns(*project, {first, second}, RunPlane::pca);
  CHECK(plane.axes.at(0).name == "pca:1");
  for (const auto& [axis, along] : {std::pair<std::size_t, std::size_t>{0, 0}, {1, 1}}) {
    const auto values = valuesOf(plane, axis);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(std::abs(values[i]) == Approx(i == along ? 1 : 0).margin(1e-12));
    }
  }
  for (const double c : plane.center->toDoubles()) {
    CHECK(c == Approx(1).epsilon(1e-12));
  }
  const ProjectedRuns projected = projectRuns(*project, {first, second}, plane);
  CHECK(projected.explainedVariance == Approx(26.0 / 28));
  CHECK(projected.alongAxis.at(0) == Approx(18.0 / 28));
  CHECK(projected.alongAxis.at(1) == Approx(8.0 / 28));
}

TEST_CASE(
    "the shares along the axes of a plane that is not orthonormal are those of unit vectors") {
  const RunProject project("run-shares");
  const auto run = project.addRun(kCross);
  // Along (1, 1, 0)/√2 the variance is (18 + 8)/2 = 13 of 28.
  const auto projected =
      projectRuns(*project, {run}, project.plane({0, 0, 0}, {{7, 0, 0}, {2, 2, 0}}));
  CHECK(projected.alongAxis.at(0) == Approx(18.0 / 28));
  CHECK(projected.alongAxis.at(1) == Approx(13.0 / 28));
  CHECK(projected.explainedVariance == Approx(26.0 / 28));
}

TEST_CASE("a plane through three end points holds all three") {
  const RunProject project("run-ends");
  // By hand: from (1,0,0) to (4,0,0) is 3 along x; (2,5,0) is 1 along x and 5 square to it.
  const auto a = project.addRun({{9, 9, 9}, {1, 0, 0}});
  const auto b = project.addRun({{9, 9, 9}, {4, 0, 0}});
  const auto c = project.addRun({{9, 9, 9}, {2, 5, 0}});
  const StoredDirections plane = planeOfRuns(*project, {a, b, c}, RunPlane::ends);
  const auto end = [&](std::int64_t run) {
    return projectRun(*project, run, plane).snapshots.back();
  };
  CHECK(end(a).coordinates == std::vector<double>{0, 0});
  CHECK(end(b).coordinates[0] == Approx(3));
  CHECK(end(b).coordinates[1] == Approx(0).margin(1e-12));
  CHECK(end(c).coordinates[0] == Approx(1));
  CHECK(end(c).coordinates[1] == Approx(5));
  for (const auto run : {a, b, c}) {
    CHECK(end(run).offPlane == Approx(0).margin(1e-12));
  }
}

TEST_CASE("runs that span no plane, too few of them, or of other parameters are refused") {
  const RunProject project("run-no-plane");
  const auto line = project.addRun({{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {5, 5, 5}});
  const auto other = project.addRun({{1, 2}, {3, 4}, {7, 1}}, {}, project.addExperiment("l1"));
  CHECK_THROWS_AS(planeOfRuns(*project, {line}, RunPlane::pca), Error);
  CHECK_THROWS_AS(planeOfRuns(*project, {line, line, line}, RunPlane::ends), Error);
  CHECK_THROWS_AS(planeOfRuns(*project, {line}, RunPlane::ends), Error);
  CHECK_THROWS_AS(planeOfRuns(*project, {line, other}, RunPlane::pca), Error);
  CHECK_THROWS_AS(planeOfRuns(*project, {}, RunPlane::pca), Error);
}
