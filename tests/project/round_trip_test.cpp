#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "engine/protocol/tile_order.h"
#include "project/support.h"

using namespace tarn;
using namespace tarn::test;
using nlohmann::json;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<float> randomFloats(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float& value : values) {
    value = std::bit_cast<float>(static_cast<std::uint32_t>(generator()));
  }
  return values;
}

StoredExperiment someExperiment() {
  StoredExperiment experiment;
  experiment.experiment = {{"model", {{"spec", "mlp:64-32-10"}}}, {"loss", "cross-entropy"}};
  experiment.described = {{"parameters", 5}, {"loss", 0.1 + 0.2}};
  experiment.modelHash = "m";
  experiment.dataHash = "d";
  experiment.provenance = {{"seed", 7}, {"text", "größer ≠ kleiner"}};
  return experiment;
}

}  // namespace

TEST_CASE("everything that is put into a project comes out bit for bit after it was closed") {
  const TemporaryFolder folder;
  const auto path = folder / "all.tarn";

  const StoredExperiment experiment = someExperiment();
  StoredDirections directions;
  directions.normalize = "filter";
  directions.gram = json::array({{1.0, 1e-17}, {1e-17, 1.0}});
  directions.center = arrayOf(DType::float32, {5}, randomFloats(5, 1));
  directions.provenance = {{"device", "cpu"}};
  directions.axes = {
      {"hessian:1", "hessian", 271.4, 1e-5, 271.3, 2e-7, 1.0, "abc",
       arrayOf(DType::float32, {5}, randomFloats(5, 2))},
      {"random:1",
       "random",
       {},
       {},
       {},
       {},
       0.1,
       "def",
       arrayOf(DType::float64, {5}, std::vector<double>{kNan, -0.0, 5e-324, 1.0 / 3, INFINITY})}};
  StoredSpectrum spectrum;
  spectrum.result = {{"eigenvalues", {3.0, 0.1, -1e-300}}};
  spectrum.eigenvectors = {arrayOf(DType::float32, {5}, randomFloats(5, 3))};
  StoredRun run;
  run.name = "adamw";
  run.optimizer = {{"name", "adamw"}, {"options", {{"lr", 1e-3}}}};
  run.settings = {{"epochs", 3}};
  StoredSnapshot snapshot{40, 1.5, 0.1, 0.9, arrayOf(DType::float32, {5}, randomFloats(5, 4)), {}};
  snapshot.buffers = arrayOf(DType::int64, {2, 1}, std::vector<std::int64_t>{-1, INT64_MAX});
  const std::vector<StoredMetric> rows{{0, 0, 2.3, 0.1, 1.5, {}, 1e-3, nullptr},
                                       {1, 0.5, kNan, {}, {}, 0.25, {}, {{"rank", 3}}}};
  StoredAnalysis analysis;
  analysis.connectivity = "freudenthal";
  analysis.result = {{"minima", 3}, {"smad", nullptr}};

  {
    const auto project = Project::create(path);
    const auto id = project->addExperiment(experiment);
    REQUIRE(project->addExperiment(experiment) == id);
    directions.experiment = spectrum.experiment = run.experiment = id;
    // Curvature and defect may come later than the rest.
    StoredDirections early = directions;
    early.axes[0].curvature.reset();
    early.axes[0].defect.reset();
    directions.id = project->addDirections(early);
    project->setDirectionCurvatures(directions);
    project->addSpectrum(spectrum);
    StoredLandscape landscape = plainLandscape(3, 4, 5);
    landscape.experiment = id;
    landscape.directions = 1;
    analysis.landscape = project->addLandscape(landscape);
    project->setLandscapePlan(1, {{"workers", 2}});
    const auto runId = project->addRun(run);
    project->setRunFacts(runId, {{"steps", 100}});
    project->addMetrics(runId, rows);
    project->addSnapshot(runId, snapshot);
    project->setCheckpoint(runId, {10, arrayOf(DType::uint8, {3}, std::vector<char>{1, 2, 3})});
    project->setCheckpoint(runId, {20, arrayOf(DType::uint8, {2}, std::vector<char>{'\0', 'z'})});
    project->setRunStatus(runId, "stopped");
    project->addAnalysis(analysis);
    project->setViewState("surface", {{"azimuth", 30}});
    project->setViewState("surface", {{"azimuth", 31}});
    project->close();
  }
  REQUIRE(std::filesystem::exists(path));
  REQUIRE(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);

  const auto project = Project::open(path, Access::read);
  REQUIRE_FALSE(project->writable());
  REQUIRE(project->experiments().size() == 1);
  const auto e = project->experiment(1);
  REQUIRE(e.experiment == experiment.experiment);
  REQUIRE(e.described == experiment.described);
  REQUIRE(e.provenance == experiment.provenance);
  REQUIRE((e.modelHash == "m" && e.dataHash == "d"));
  REQUIRE(e.created.size() == std::string("2025-01-31T12:00:00Z").size());

  const auto d = project->directions(1);
  REQUIRE(d.normalize == "filter");
  REQUIRE(d.gram == directions.gram);
  REQUIRE(same(*d.center, *directions.center));
  REQUIRE(d.axes.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(d.axes[i].name == directions.axes[i].name);
    REQUIRE(d.axes[i].kind == directions.axes[i].kind);
    REQUIRE(d.axes[i].eigenvalue == directions.axes[i].eigenvalue);
    REQUIRE(d.axes[i].residual == directions.axes[i].residual);
    REQUIRE(d.axes[i].curvature == directions.axes[i].curvature);
    REQUIRE(d.axes[i].defect == directions.axes[i].defect);
    REQUIRE(d.axes[i].norm == directions.axes[i].norm);
    REQUIRE(d.axes[i].hash == directions.axes[i].hash);
    REQUIRE(same(d.axes[i].values, directions.axes[i].values));
  }
  REQUIRE(project->directionSets().front().axes[1].name == "random:1");
  REQUIRE(project->directionSets().front().axes[1].values.bytes.empty());

  const auto s = project->spectrum(1);
  REQUIRE(s.result == spectrum.result);
  REQUIRE(s.eigenvectors.size() == 1);
  REQUIRE(same(s.eigenvectors[0], spectrum.eigenvectors[0]));
  REQUIRE(project->spectra().front().eigenvectors.empty());

  const auto l = project->landscape(1);
  REQUIRE(l.shape() == std::vector<std::size_t>{3, 4});
  REQUIRE(l.axes[1].coordinates == axis(4, "x").coordinates);
  REQUIRE(l.axes[1].label == "x");
  REQUIRE(l.plan == json{{"workers", 2}});
  REQUIRE(l.provenance.at("plan") == l.plan);
  REQUIRE((l.experiment == 1 && l.directions == 1));
  REQUIRE((l.tiles == 3 && l.tilesPresent == 0 && l.status() == LandscapeStatus::partial));

  const auto r = project->run(1);
  REQUIRE(r.optimizer == run.optimizer);
  REQUIRE(r.settings == run.settings);
  REQUIRE(r.facts == json{{"steps", 100}});
  REQUIRE(r.status == "stopped");
  const auto m = project->metrics(1);
  REQUIRE(m.size() == 2);
  REQUIRE((m[0].loss == 2.3 && m[0].accuracy == 0.1 && m[0].gradientNorm == 1.5));
  REQUIRE((!m[0].stepNorm && m[0].rate == 1e-3 && m[0].probes.is_null()));
  REQUIRE((std::isnan(m[1].loss) && !m[1].accuracy && m[1].stepNorm == 0.25));
  REQUIRE(m[1].probes == json{{"rank", 3}});
  REQUIRE(project->snapshots(1).size() == 1);
  const auto t = project->snapshot(1, 40);
  REQUIRE((t.epoch == 1.5 && t.loss == 0.1 && t.accuracy == 0.9));
  REQUIRE(same(t.parameters, snapshot.parameters));
  REQUIRE(same(*t.buffers, *snapshot.buffers));
  const auto c = project->checkpoint(1);
  REQUIRE(c->step == 20);
  REQUIRE(c->state.bytes == std::vector<std::byte>{std::byte{0}, std::byte{'z'}});

  REQUIRE(project->analysis(1).result == analysis.result);
  REQUIRE(project->analyses().front().connectivity == "freudenthal");
  REQUIRE(project->viewState("surface") == json{{"azimuth", 31}});
  REQUIRE(project->viewStateNames() == std::vector<std::string>{"surface"});
  REQUIRE_FALSE(project->viewState("tree"));
}

TEST_CASE("an array larger than a row is kept in pieces") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "large.tarn");
  StoredSpectrum spectrum;
  spectrum.experiment = project->addExperiment(someExperiment());
  const std::size_t count = (std::size_t{21} << 20U) / sizeof(float) + 3;
  spectrum.eigenvectors = {arrayOf(DType::float32, {count}, randomFloats(count, 5))};
  const auto id = project->addSpectrum(spectrum);
  REQUIRE(same(project->spectrum(id).eigenvectors[0], spectrum.eigenvectors[0]));
}

TEST_CASE("replaced checkpoints and snapshots leave nothing behind") {
  const TemporaryFolder folder;
  const auto path = folder / "run.tarn";
  std::uintmax_t once = 0;
  for (const int repeats : {1, 20}) {
    std::filesystem::remove(path);
    const auto project = Project::create(path);
    StoredRun run;
    run.experiment = project->addExperiment(someExperiment());
    const auto id = project->addRun(run);
    for (int i = 0; i < repeats; ++i) {
      const auto array = arrayOf(DType::float32, {100000}, randomFloats(100000, 6));
      project->setCheckpoint(id, {i, array});
      project->addSnapshot(id, {7, 0, 0, {}, array, array});
    }
    project->close();
    once = repeats == 1 ? std::filesystem::file_size(path) : once;
  }
  // A new array is written before the old one goes: at most one more of each than at first.
  REQUIRE(std::filesystem::file_size(path) <= 2 * once);
}

TEST_CASE("a landscape is a grid with NaN where no tile is yet, every value in its place") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "tiles.tarn");
  const auto id = project->addLandscape(plainLandscape(9, 11, 7));
  const TileOrder order({9, 11}, 7);
  REQUIRE(project->landscape(id).tiles == 15);
  REQUIRE(errorOf([&] { project->tile(id, 0); }) == ErrorCode::notFound);

  const std::vector<StoredTile> tiles{numberedTile(14, 1), numberedTile(3, 7), numberedTile(2, 7)};
  project->commitTiles(id, tiles);
  REQUIRE(project->presentTiles(id) == std::vector<std::uint64_t>{2, 3, 14});
  REQUIRE(project->presentTileRanges(id) ==
          std::vector<std::pair<std::uint64_t, std::uint64_t>>{{2, 3}, {14, 14}});
  REQUIRE(project->tile(id, 3).values == tiles[1].values);

  const auto partial = project->landscapeGrid(id, "accuracy");
  REQUIRE(partial.grid.maskedCount() == 99 - 15);
  for (std::uint64_t tile = 0; tile < 15; ++tile) {
    const auto points = order.tile(tile);
    REQUIRE(partial.tilePresent[tile] == (tile == 2 || tile == 3 || tile == 14));
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double value = partial.grid.value(points[i]);
      const double expected = -(static_cast<double>(tile) * 1000 + static_cast<double>(i) + 0.125);
      REQUIRE((partial.tilePresent[tile] ? value == expected : std::isnan(value)));
    }
  }
  for (std::uint64_t tile = 0; tile < 15; ++tile) {
    project->commitTiles(id, std::vector{numberedTile(tile, tile == 14 ? 1 : 7)});
  }
  REQUIRE(project->landscape(id).status() == LandscapeStatus::complete);
  REQUIRE(project->landscapeGrid(id, "loss").grid.maskedCount() == 0);
}

TEST_CASE("a tile that does not fit its landscape is refused and nothing of its batch is kept") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "tiles.tarn");
  const auto id = project->addLandscape(plainLandscape(4, 4, 4));
  StoredTile lacking = numberedTile(1, 4);
  lacking.values.erase("accuracy");
  StoredTile other = numberedTile(1, 4);
  other.values["speed"] = std::vector<double>(4);
  for (const StoredTile& wrong :
       {numberedTile(4, 4), numberedTile(1, 3), numberedTile(1, 5), lacking, other}) {
    const std::vector<StoredTile> batch{numberedTile(0, 4), wrong};
    REQUIRE(errorOf([&] { project->commitTiles(id, batch); }) == ErrorCode::usage);
  }
  REQUIRE(project->presentTiles(id).empty());
}

TEST_CASE("landscapes of absurd size or without order in their axes are refused") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "refused.tarn");
  const auto refused = [&](const StoredLandscape& landscape) {
    return errorOf([&] { project->addLandscape(landscape); }) == ErrorCode::usage;
  };
  StoredLandscape sixDimensions = plainLandscape(41, 41, 16);
  sixDimensions.axes.assign(6, axis(41, ""));
  StoredLandscape unordered = plainLandscape(3, 3, 4);
  unordered.axes[0].coordinates = {0, 2, 1};
  StoredLandscape unnamed = plainLandscape(3, 3, 4);
  unnamed.quantities.clear();
  StoredLandscape axisless = plainLandscape(3, 3, 4);
  axisless.axes.clear();
  REQUIRE(refused(sixDimensions));
  REQUIRE(refused(unordered));
  REQUIRE(refused(unnamed));
  REQUIRE(refused(axisless));
  REQUIRE(refused(plainLandscape(3, 3, 0)));
  REQUIRE(project->landscapes().empty());
}

TEST_CASE("addresses resolve to the latest result of a kind, or to the one that is named") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "a.tarn");
  REQUIRE(errorOf([&] { project->resolve(ResultKind::landscape, 0); }) == ErrorCode::notFound);
  project->addLandscape(plainLandscape(2, 2, 4));
  project->addLandscape(plainLandscape(2, 2, 4));
  REQUIRE(project->resolve(ResultKind::landscape, 0) == 2);
  REQUIRE(project->resolve(ResultKind::landscape, 1) == 1);
  REQUIRE(errorOf([&] { project->resolve(ResultKind::landscape, 3); }) == ErrorCode::notFound);
  REQUIRE(errorOf([&] { project->landscape(3); }) == ErrorCode::notFound);
  REQUIRE(errorOf([&] { project->run(1); }) == ErrorCode::notFound);
  REQUIRE(errorOf([&] { project->landscapeGrid(1, "speed"); }) == ErrorCode::notFound);
}

TEST_CASE("a result that refers to one that is not there is refused") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "a.tarn");
  StoredSpectrum orphan;
  orphan.experiment = 5;
  REQUIRE(errorOf([&] { project->addSpectrum(orphan); }).has_value());
  REQUIRE(project->spectra().empty());
}
