#include "engine/tasks/run_comparison.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/protocol/tile_order.h"
#include "engine/tasks/optimizer_text.h"
#include "tasks/run_project.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Approx;

namespace {

/// The loss 10·a + b + 1 on a ∈ {−1, 0, 1}, b ∈ {−2, 2}: linear, so that interpolation is exact.
std::int64_t addLandscape(const RunProject& project, std::int64_t directions) {
  StoredLandscape landscape;
  landscape.directions = directions;
  landscape.experiment = project.experiment();
  landscape.axes = {{{-1, 0, 1}, "a", ""}, {{-2, 2}, "b", ""}};
  landscape.quantities = {"loss"};
  landscape.tilePoints = 6;
  const std::int64_t id = project->addLandscape(landscape);
  StoredTile tile;
  const TileOrder order({3, 2}, 6);
  for (const std::uint32_t vertex : order.tile(0)) {
    const double a = static_cast<double>(vertex / 2) - 1;
    const double b = vertex % 2 == 0 ? -2 : 2;
    tile.values["loss"].push_back(10 * a + b + 1);
  }
  project->commitTiles(id, std::vector{tile});
  return id;
}

}  // namespace

TEST_CASE("runs are compared by their ends, their ways and the plane below them") {
  const RunProject project("run-comparison");
  // Ways 3-4-5: from (1, 1, 1) to (4, 5, 1).
  const auto first = project.addRun({{1, 1, 1}, {2, 2, 1}, {4, 5, 1}}, {9, 0.5, 0.7});
  const auto second = project.addRun({{1, 1, 1}, {1.5, 0, 3}}, {9, 2});
  const std::int64_t directions =
      project->addDirections(project.plane({1, 0, 0}, {{1, 0, 0}, {0, 1, 0}}));
  const std::int64_t landscape = addLandscape(project, directions);
  const RunComparison comparison = compareRuns(*project, {first, second});
  const ComparedRun& one = comparison.runs.at(0);
  CHECK(one.snapshots == 3);
  CHECK(one.steps == 2);
  CHECK(one.finalLoss == 0.7);
  CHECK(one.bestLoss == 0.5);
  CHECK(one.bestStep == 1);
  CHECK(one.distance == Approx(5));
  CHECK(comparison.endDistances[0][1] == Approx(std::sqrt(2.5 * 2.5 + 25 + 4)));
  CHECK(comparison.endDistances[1][0] == comparison.endDistances[0][1]);
  CHECK(comparison.endDistances[1][1] == 0);

  // The first ends at (3, 5) of the plane, beyond what is sampled, the second at (0.5, 0) and 3
  // above it: 10·0.5 + 0 + 1 there, while its true loss is 2.
  CHECK(comparison.landscape == landscape);
  REQUIRE(one.plane);
  CHECK(one.plane->offPlane == Approx(1));
  CHECK(std::isnan(one.plane->lossOnPlane));
  REQUIRE(comparison.runs.at(1).plane);
  CHECK(comparison.runs.at(1).plane->offPlane == Approx(3));
  CHECK(comparison.runs.at(1).plane->lossOnPlane == Approx(6));
  CHECK(comparison.runs.at(1).finalLoss == 2);
}

TEST_CASE("what is known of the samples held out comes from the metrics' probes") {
  const RunProject project("run-held-out");
  const auto run = project.addRun({{0.0}, {1.0}}, {3, 1});
  std::vector<StoredMetric> rows(2);
  rows[0].probes = {{"validation_loss", 2.5}, {"validation_accuracy", 0.5}};
  rows[1].step = 1;
  rows[1].probes = {{"validation_loss", 2.75}, {"validation_accuracy", 0.625}};
  project->addMetrics(run, rows);
  const ComparedRun facts = runFacts(*project, run);
  CHECK(facts.validationLoss == 2.75);
  CHECK(facts.bestValidationLoss == 2.5);
  CHECK(facts.validationAccuracy == 0.625);
}

TEST_CASE("a run without a good snapshot has no end, and no distance to others") {
  const RunProject project("run-no-end");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto good = project.addRun({{0.0}, {1.0}}, {3, 1});
  const auto bad = project.addRun({{0.0}}, {nan});
  const RunComparison comparison = compareRuns(*project, {good, bad});
  CHECK(std::isnan(comparison.runs.at(1).finalLoss));
  CHECK(std::isnan(comparison.endDistances[0][1]));
  CHECK_FALSE(comparison.landscape);
}

TEST_CASE("a run is compared by the losses that were measured of it") {
  const RunProject project("run-unmeasured");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto run = project.addRun({{0.0}, {1.0}, {3.0}, {7.0}}, {3, nan, 2, nan});
  const ComparedRun facts = runFacts(*project, run);
  CHECK(facts.snapshots == 4);
  CHECK(facts.steps == 2);
  CHECK(facts.finalLoss == 2);
  CHECK(facts.bestLoss == 2);
  CHECK(facts.distance == 3);
}

TEST_CASE("a landscape of another space is no plane for a run") {
  const RunProject project("run-other-plane");
  const auto run = project.addRun({{0, 0, 0}}, {}, project.addExperiment("l1"));
  const std::int64_t landscape = addLandscape(
      project, project->addDirections(project.plane({1, 0, 0}, {{1, 0, 0}, {0, 1, 0}})));
  CHECK_FALSE(compareRuns(*project, {run}).landscape);
  CHECK_THROWS_AS(compareRuns(*project, {run}, landscape), Error);
}

TEST_CASE("a stored optimizer is written as the command line reads it") {
  CHECK(optimizerText({{"name", "sgd"}, {"options", {{"lr", 0.1}, {"nesterov", true}}}}) ==
        "sgd:lr=0.1,nesterov=on");
  CHECK(optimizerText({{"name", "adamw"}, {"options", nlohmann::json::object()}}) == "adamw");
  CHECK(optimizerText(nullptr).empty());
}
