#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "project/support.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using nlohmann::json;

TEST_CASE("probes are added to a step's other numbers, and stand alone where there are none") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "p.tarn");
  StoredExperiment experiment;
  experiment.experiment = {{"loss", "mse"}};
  StoredRun run;
  run.experiment = project->addExperiment(experiment);
  const std::int64_t id = project->addRun(run);
  StoredMetric row;
  row.step = 3;
  row.epoch = 0.5;
  row.loss = 2;
  row.rate = 0.1;
  row.probes = {{"validation_loss", 4.0}};
  project->addMetrics(id, std::vector{row});
  StoredMetric probe;
  probe.step = 3;
  probe.loss = std::numeric_limits<double>::quiet_NaN();
  probe.probes = {{"smad", 0.25}};
  project->addProbes(id, probe);
  probe.step = 5;
  probe.epoch = 0.75;
  project->addProbes(id, probe);
  const auto rows = project->metrics(id);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].loss == 2);
  CHECK(rows[0].epoch == 0.5);
  CHECK(rows[0].rate == 0.1);
  CHECK(rows[0].probes == json{{"validation_loss", 4.0}, {"smad", 0.25}});
  CHECK(rows[1].step == 5);
  CHECK(rows[1].epoch == 0.75);
  CHECK(std::isnan(rows[1].loss));
  CHECK(rows[1].probes == json{{"smad", 0.25}});
  CHECK_THROWS_AS(project->addProbes(id + 1, probe), Error);
}
