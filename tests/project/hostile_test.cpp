#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <random>

#include "project/support.h"

using namespace tarn;
using namespace tarn::test;

namespace {

using Bytes = std::vector<char>;

Bytes readAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void writeAll(const std::filesystem::path& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

NdArray vectorOf(std::size_t count) {
  return arrayOf(DType::float32, {count}, std::vector<float>(count, 0.5F));
}

/// A project with something of everything.
void makeProject(const std::filesystem::path& path) {
  const auto project = Project::create(path);
  StoredExperiment experiment;
  experiment.experiment = {{"loss", "mse"}};
  experiment.described = {{"parameters", 2000}};
  const auto e = project->addExperiment(experiment);
  StoredDirections directions;
  directions.experiment = e;
  directions.center = vectorOf(2000);
  directions.axes.push_back({"random:1", "random", {}, {}, {}, {}, 1, "h", vectorOf(2000)});
  project->addDirections(directions);
  StoredSpectrum spectrum;
  spectrum.experiment = e;
  spectrum.result = {{"eigenvalues", {1, 2}}};
  spectrum.eigenvectors = {vectorOf(2000), vectorOf(2000)};
  project->addSpectrum(spectrum);
  const auto l = project->addLandscape(plainLandscape(20, 20, 16));
  for (std::uint64_t tile = 0; tile < 25; ++tile) {
    project->commitTiles(l, std::vector{numberedTile(tile, 16)});
  }
  StoredRun run;
  run.experiment = e;
  const auto r = project->addRun(run);
  std::vector<StoredMetric> metrics(100);
  for (int i = 0; i < 100; ++i) {
    metrics[static_cast<std::size_t>(i)].step = i;
  }
  project->addMetrics(r, metrics);
  project->addSnapshot(r, {0, 0, 0, {}, vectorOf(2000), vectorOf(3)});
  project->setCheckpoint(r, {0, vectorOf(6000)});
  StoredAnalysis analysis;
  analysis.landscape = l;
  analysis.result = {{"minima", 1}};
  project->addAnalysis(analysis);
  project->setViewState("surface", {{"azimuth", 1}});
}

void readEverything(const Project& project) {
  const auto tolerate = [](auto&& read) {
    try {
      read();
    } catch (const Error& error) {
      CHECK_FALSE(std::string(error.what()).empty());
    }
  };
  for (std::int64_t id = 1; id < 3; ++id) {
    tolerate([&] { project.experiment(id); });
    tolerate([&] { project.directions(id); });
    tolerate([&] { project.spectrum(id); });
    tolerate([&] { project.landscapeGrid(id, "loss"); });
    tolerate([&] { project.tile(id, 3); });
    tolerate([&] { project.run(id); });
    tolerate([&] { project.metrics(id); });
    tolerate([&] { project.checkpoint(id); });
    tolerate([&] {
      for (const auto& snapshot : project.snapshots(id)) {
        project.snapshot(id, snapshot.step);
      }
    });
    tolerate([&] { project.analysis(id); });
  }
  tolerate([&] { project.viewState("surface"); });
  // The lists, not tolerated: their errors count.
  project.experiments();
  project.directionSets();
  project.spectra();
  project.landscapes();
  project.runs();
  project.analyses();
  project.viewStateNames();
}

Bytes mutated(Bytes bytes, std::mt19937& random) {
  const auto upTo = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  switch (upTo(5)) {
    case 0:
      bytes.resize(upTo(bytes.size()));
      break;
    case 1:
      for (std::size_t i = 0, n = 1 + upTo(200); i < n; ++i) {
        bytes[upTo(bytes.size())] ^= static_cast<char>(1U << upTo(8));
      }
      break;
    case 2: {  // garbage over a stretch
      const std::size_t from = upTo(bytes.size());
      for (std::size_t i = from; i < std::min(bytes.size(), from + 1 + upTo(5000)); ++i) {
        bytes[i] = static_cast<char>(random());
      }
      break;
    }
    case 3: {  // one page in another's place
      const std::size_t pages = bytes.size() / 4096;
      const auto source = bytes.begin() + static_cast<long>(4096 * upTo(pages));
      std::copy_n(source, 4096, bytes.begin() + static_cast<long>(4096 * upTo(pages)));
      break;
    }
    default:  // the heads of pages, where the structure is
      for (std::size_t i = 0, n = 1 + upTo(20); i < n; ++i) {
        bytes[4096 * upTo(bytes.size() / 4096) + upTo(110)] = static_cast<char>(random());
      }
  }
  return bytes;
}

}  // namespace

TEST_CASE("no damage to a project does more than an Error: hundreds of mutations") {
  const TemporaryFolder folder;
  const auto path = folder / "victim.tarn";
  makeProject(path);
  const Bytes good = readAll(path);
  std::mt19937 random(4711);
  int errors = 0;
  for (int i = 0; i < 600; ++i) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::filesystem::remove(path.string() + suffix);
    }
    writeAll(path, mutated(good, random));
    const bool writing = i % 4 == 0;
    try {
      const auto project = Project::open(path, writing ? Access::write : Access::read);
      if (writing) {
        project->commitTiles(1, std::vector{numberedTile(3, 16)});
        project->setCheckpoint(1, {1, vectorOf(100)});
      }
      readEverything(*project);
    } catch (const Error& error) {
      ++errors;
      INFO(error.what());
      REQUIRE_FALSE(std::string(error.what()).empty());
    }
  }
  // Damage to a number in the middle of an array goes unseen; most of the rest must not.
  REQUIRE(errors > 200);
}

TEST_CASE("files that are no projects are refused with a sentence that says so") {
  const TemporaryFolder folder;
  const auto path = folder / "other.tarn";
  const auto refused = [&] {
    for (const Access access : {Access::read, Access::write}) {
      if (errorOf([&] { Project::open(path, access); }) != ErrorCode::badInput) {
        return false;
      }
    }
    return true;
  };
  REQUIRE(errorOf([&] { Project::open(path, Access::read); }) == ErrorCode::notFound);
  REQUIRE(errorOf([&] { Project::open(path, Access::write); }) == ErrorCode::notFound);
  writeAll(path, {});
  REQUIRE(refused());
  writeAll(path, Bytes(5000, 'x'));
  REQUIRE(refused());
  writeAll(path, {'P', 'K'});
  REQUIRE(refused());
  std::filesystem::remove(path);
  REQUIRE(foreignSql(path, "CREATE TABLE t (a); PRAGMA user_version = 1"));
  REQUIRE(refused());
  REQUIRE(errorOf([&] { Project::create(path); }) == ErrorCode::io);
  REQUIRE(errorOf([&] { Project::openOrCreate(path); }) == ErrorCode::badInput);
  REQUIRE(errorOf([&] { Project::open(folder.path(), Access::write); }) == ErrorCode::badInput);
  REQUIRE(errorOf([&] { Project::openOrCreate(folder.path()); }) == ErrorCode::badInput);
  REQUIRE(errorOf([&] { Project::create(folder / "no/such/folder.tarn"); }) == ErrorCode::io);
}

TEST_CASE("a project with tables, views, triggers or indexes of others is refused by name") {
  const TemporaryFolder folder;
  const auto path = folder / "hostile.tarn";
  makeProject(path);
  const Bytes good = readAll(path);
  for (const std::string sql :
       {"CREATE TRIGGER evil AFTER INSERT ON tiles BEGIN DELETE FROM tiles; END",
        "CREATE VIEW evil AS SELECT load_extension('x')", "CREATE TABLE evil (a)",
        "CREATE INDEX evil ON tiles (abs(tile))", "ALTER TABLE runs ADD COLUMN evil AS (abs(id))",
        "DROP TABLE view_states; CREATE VIEW view_states AS SELECT 'evil' AS name, '1' AS state",
        "DROP TABLE analyses; CREATE TABLE evil (a)"}) {
    writeAll(path, good);
    INFO(sql);
    REQUIRE(foreignSql(path, sql));
    REQUIRE(errorOf([&] { Project::open(path, Access::read); }) == ErrorCode::badInput);
    REQUIRE(errorOf([&] { Project::open(path, Access::write); }) == ErrorCode::badInput);
  }
  writeAll(path, good);
  REQUIRE(foreignSql(path, "CREATE TRIGGER evil AFTER INSERT ON tiles BEGIN SELECT 1; END"));
  REQUIRE(sentenceOf([&] { Project::open(path, Access::read); }).find("trigger 'evil'") !=
          std::string::npos);
}

TEST_CASE("rows that contradict themselves are found before memory is taken for them") {
  const TemporaryFolder folder;
  const auto path = folder / "lies.tarn";
  makeProject(path);
  const Bytes good = readAll(path);
  const auto damaged = [&](const std::string& sql, auto&& read) {
    writeAll(path, good);
    INFO(sql);
    REQUIRE(foreignSql(path, sql));
    const auto project = Project::open(path, Access::read);
    REQUIRE(errorOf([&] { read(*project); }) == ErrorCode::badInput);
  };
  const auto spectrum = [](const Project& p) { p.spectrum(1); };
  const auto landscape = [](const Project& p) { p.landscape(1); };
  const auto grid = [](const Project& p) { p.landscapeGrid(1, "loss"); };
  damaged("UPDATE arrays SET shape = '[1000000000000]', bytes = 4000000000000", spectrum);
  damaged("UPDATE arrays SET shape = '[4294967296, 4294967296, 500]'", spectrum);
  damaged("UPDATE arrays SET shape = '[-1]'", spectrum);
  damaged("UPDATE arrays SET shape = '[1.5]'", spectrum);
  damaged("UPDATE arrays SET shape = '{}'", spectrum);
  damaged("UPDATE arrays SET shape = '[1999]'", spectrum);
  damaged("UPDATE arrays SET dtype = 'f64'", spectrum);
  damaged("UPDATE arrays SET dtype = 'object'", spectrum);
  damaged("UPDATE arrays SET dtype = x'00'", spectrum);
  damaged("UPDATE array_pieces SET piece = piece + 1", spectrum);
  damaged("UPDATE array_pieces SET data = 'text'", spectrum);
  damaged("DELETE FROM array_pieces", spectrum);
  damaged("DELETE FROM arrays", spectrum);
  damaged("UPDATE spectra SET result = '{'", spectrum);
  damaged("UPDATE spectra SET result = replace(hex(zeroblob(500000)), '0', '[')", spectrum);
  damaged("UPDATE spectra SET result = cast(x'22ff22' AS TEXT)", spectrum);
  damaged("UPDATE landscapes SET tile_points = 0", landscape);
  damaged("UPDATE landscapes SET tile_points = -5", landscape);
  damaged("UPDATE landscapes SET tile_points = 'many'", landscape);
  damaged("UPDATE landscapes SET request = '{\"coarsest_intervals\": 0}'", landscape);
  damaged("UPDATE landscapes SET request = '{\"coarsest_intervals\": \"few\"}'", landscape);
  damaged("UPDATE landscapes SET request = '{\"coarsest_intervals\": 1e9}'", landscape);
  damaged("UPDATE landscapes SET quantities = '[1]'", landscape);
  damaged("UPDATE landscapes SET quantities = '[]'", landscape);
  damaged("UPDATE landscape_axes SET coordinates = zeroblob(16000)", landscape);
  damaged("UPDATE landscape_axes SET coordinates = zeroblob(7)", landscape);
  damaged("UPDATE landscape_axes SET axis = axis + 10", landscape);
  damaged("DELETE FROM landscape_axes", landscape);
  damaged("UPDATE tiles SET data = zeroblob(8)", grid);
  damaged("UPDATE tiles SET tile = tile + 1000", grid);
  damaged("UPDATE tiles SET tile = -1 - tile", landscape);
  damaged("UPDATE snapshots SET parameters_array = 4000",
          [](const Project& p) { p.snapshot(1, 0); });
  damaged("UPDATE metrics SET loss = 'low'", [](const Project& p) { p.metrics(1); });
}
