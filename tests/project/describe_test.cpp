#include "engine/project/describe.h"

#include <catch2/catch_test_macros.hpp>

#include "project/support.h"

using namespace tarn;
using namespace tarn::test;
using nlohmann::json;

TEST_CASE("a project is described with addresses, statuses, shapes and provenance") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "d.tarn");
  StoredRun run;
  run.experiment = project->addExperiment({});
  run.name = "sgd";
  project->addRun(run);
  const std::vector<StoredMetric> rows{{0, 0, 2, {}, {}, {}, {}, {}},
                                       {7, 1, 1, {}, {}, {}, {}, {}}};
  project->addMetrics(1, rows);
  const auto id = project->addLandscape(plainLandscape(3, 4, 6));
  project->commitTiles(id, std::vector{numberedTile(1, 6)});
  StoredAnalysis analysis;
  analysis.landscape = id;
  analysis.connectivity = "2n";
  analysis.result = {{"minima", 4}};
  project->addAnalysis(analysis);

  const json all = describe(*project);
  const json& landscape = all.at("landscapes").at(0);
  REQUIRE(landscape.at("address") == project->path().string() + "#landscape/1");
  REQUIRE(landscape.at("shape") == json{3, 4});
  REQUIRE(landscape.at("status") == "partial");
  REQUIRE((landscape.at("tiles") == 2 && landscape.at("tiles_present") == 1));
  REQUIRE(landscape.at("provenance") == json{{"version", "test"}});
  REQUIRE(landscape.at("experiment").is_null());
  const json& described = all.at("runs").at(0);
  REQUIRE((described.at("last_step") == 7 && described.at("last_loss") == 1.0));
  // With a snapshot, its loss over all samples is what is said, not the last batches'.
  StoredSnapshot snapshot;
  snapshot.step = 7;
  snapshot.loss = 0.25;
  const std::vector<double> theta{1.0, 2.0};
  snapshot.parameters = NdArray::fromDoubles({2}, theta);
  project->addSnapshot(project->runs().at(0).id, snapshot);
  REQUIRE(describe(*project).at("runs").at(0).at("last_loss") == 0.25);
  REQUIRE((described.at("status") == "running" && described.at("metrics") == 2));
  for (const char* key : {"experiments", "analyses"}) {
    REQUIRE(all.at(key).size() == 1);
  }
  for (const char* key : {"directions", "spectra", "view_states"}) {
    REQUIRE(all.at(key) == json::array());
  }

  REQUIRE(describe(*project, ResultKind::landscape, 1).at("axes").at(1).at("coordinates") ==
          json(axis(4, "x").coordinates));
  REQUIRE(describe(*project, ResultKind::run, 1).at("metrics").at(1).at("step") == 7);
  REQUIRE(describe(*project, ResultKind::analysis, 1).at("result") == analysis.result);
  REQUIRE(errorOf([&] { describe(*project, ResultKind::spectrum, 1); }) == ErrorCode::notFound);
}
