#include "engine/tasks/snapshot_directions.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "support/temporary_folder.h"
#include "topology/base/error.h"

using namespace tarn;
using Catch::Matchers::WithinAbs;

namespace {

NdArray arrayOf(const std::vector<double>& values) {
  return NdArray::fromDoubles({values.size()}, values);
}

/// A project whose only run has these snapshots.
struct Recorded {
  test::TemporaryFolder folder;
  std::shared_ptr<Project> project = Project::create(folder / "p.tarn");
  std::int64_t run = 0;

  explicit Recorded(const std::vector<std::vector<double>>& snapshots) {
    StoredExperiment experiment;
    experiment.experiment = {{"loss", "mse"}};
    StoredRun record;
    record.experiment = project->addExperiment(experiment);
    record.name = "sgd";
    run = project->addRun(record);
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      StoredSnapshot snapshot;
      snapshot.step = static_cast<std::int64_t>(i);
      snapshot.parameters = arrayOf(snapshots[i]);
      project->addSnapshot(run, snapshot);
    }
  }
};

}  // namespace

TEST_CASE("a run's main ways are the axes of the ellipse that its snapshots lie on") {
  // c + 4 cos t·u + 3 sin t·v at twelve even t: variances 8 and 4.5 along u and v.
  std::vector<std::vector<double>> snapshots;
  for (int i = 0; i < 12; ++i) {
    const double t = 2 * M_PI * i / 12;
    const double a = 4 * std::cos(t);
    const double b = 3 * std::sin(t);
    snapshots.push_back({10 + .6 * a, -5 + .8 * a, 7, 1 + b});
  }
  const Recorded recorded(snapshots);
  const auto ways = mainWays(*recorded.project, recorded.run, 2, {});
  const std::vector<std::vector<double>> expected{{.6, .8, 0, 0}, {0, 0, 0, 1}};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto found = ways.directions[k].toDoubles();
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK_THAT(found[i], WithinAbs(expected[k][i], 1e-12));
    }
  }
  CHECK_THAT(ways.shares[0], WithinAbs(8 / 12.5, 1e-12));
  CHECK_THAT(ways.shares[1], WithinAbs(4.5 / 12.5, 1e-12));
  CHECK_THROWS_AS(mainWays(*recorded.project, recorded.run, 3, {}), Error);
}

TEST_CASE("the last update is the last snapshot minus the one before") {
  const Recorded recorded({{0, 0}, {1, 4}, {3, 5}});
  CHECK(lastUpdate(*recorded.project, recorded.run).toDoubles() == std::vector<double>{2, 1});
  const Recorded still({{1, 2}});
  CHECK_THROWS_AS(lastUpdate(*still.project, still.run), Error);
  CHECK_THROWS_AS(mainWays(*still.project, still.run, 1, {}), Error);
}
