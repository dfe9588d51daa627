#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/project/project.h"
#include "support/program.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

std::vector<double> column(std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) {
    values.push_back(static_cast<double>(i) / 3);
  }
  return values;
}

/// A project with a 2 × 3 landscape of two tiles, one of them there, and a run of two steps.
std::string makeProject(const TemporaryFolder& folder) {
  const std::string path = folder / "small.tarn";
  const auto project = Project::create(path);
  StoredRun run;
  run.experiment = project->addExperiment({});
  run.name = "sgd, \"plain\"";
  run.optimizer = {{"name", "sgd"}};
  project->addRun(run);
  const std::vector<StoredMetric> rows{{0, 0, 2.5, 0.25, {}, {}, {}, {}},
                                       {1, 0.5, std::nan(""), {}, {}, {}, {}, {}}};
  project->addMetrics(1, rows);
  StoredLandscape landscape;
  landscape.axes = {{column(2), "", ""}, {column(3), "", ""}};
  landscape.quantities = {"loss"};
  landscape.tilePoints = 4;
  landscape.provenance = {{"seed", 7}};
  project->addLandscape(landscape);
  const std::vector<StoredTile> tiles{{0, {{"loss", {1, 2, 3, 4}}}}};
  project->commitTiles(1, tiles);
  return path;
}

std::string readText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

json infoOf(const std::string& word) {
  const ProgramResult result = run({"tarn", "info", word, "--json"});
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

void exportTo(const std::string& file, const std::string& what, const std::string& out) {
  const ProgramResult result =
      run({"tarn", "export", file, "--what", what, "--out", out, "--quiet"});
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  REQUIRE(result.out.empty());
}

}  // namespace

TEST_CASE("info says what a project holds, and one result in full") {
  const TemporaryFolder folder;
  const std::string path = makeProject(folder);
  const json all = infoOf(path);
  REQUIRE(all.at("landscapes").at(0).at("status") == "partial");
  REQUIRE(all.at("landscapes").at(0).at("provenance") == json{{"seed", 7}});
  REQUIRE(infoOf(path + "#landscape/1").at("axes").at(0).at("coordinates") == json(column(2)));
  const ProgramResult text = run({"tarn", "info", path});
  REQUIRE(text.exitCode == 0);
  REQUIRE_THAT(text.out, ContainsSubstring("landscape/1") && ContainsSubstring("1 of 2 tiles") &&
                             ContainsSubstring("run/1"));
  const ProgramResult missing = run({"tarn", "info", path + "#landscape/2"});
  REQUIRE(missing.exitCode == 1);
  REQUIRE_THAT(missing.err, ContainsSubstring("no landscape 2"));
  REQUIRE(run({"tarn", "info", path + "#valley/2"}).exitCode == 2);
}

TEST_CASE("an exported landscape has its values in every format; what is not there is undefined") {
  const TemporaryFolder folder;
  const std::string path = makeProject(folder);
  exportTo(path, "landscape", folder / "l.npz");
  const auto arrays = readNpz(folder / "l.npz");
  REQUIRE(arrays.at("axis.1").toDoubles() == column(3));
  const auto values = arrays.at("values").toDoubles();
  // C-order 0…5 of 2 × 3 points; the coarse-to-fine order of so small a grid is the C-order.
  REQUIRE(std::vector(values.begin(), values.begin() + 4) == std::vector<double>{1, 2, 3, 4});
  REQUIRE((std::isnan(values[4]) && std::isnan(values[5])));
  exportTo(path + "#landscape/1", "landscape", folder / "l.json");
  const json document = json::parse(readText(folder / "l.json"));
  REQUIRE(document.at("values") == json{1, 2, 3, 4, nullptr, nullptr});
  REQUIRE(document.at("provenance") == json{{"seed", 7}});
  exportTo(path, "landscape", folder / "l.npy");
  REQUIRE(readNpy(folder / "l.npy").shape == std::vector<std::size_t>{2, 3});
  exportTo(path, "landscape", folder / "l.csv");
  REQUIRE_THAT(readText(folder / "l.csv"),
               ContainsSubstring("axis.0,axis.1,value\n0,0,1\n0,0.3333333333333333,2\n"));
}

TEST_CASE("exported runs have a row a step, undefined numbers empty, and names quoted") {
  const TemporaryFolder folder;
  const std::string path = makeProject(folder);
  exportTo(path, "runs", folder / "r.csv");
  REQUIRE(readText(folder / "r.csv") ==
          "run,name,step,epoch,loss,accuracy,gradient_norm,step_norm,rate\n"
          "1,\"sgd, \"\"plain\"\"\",0,0,2.5,0.25,,,\n"
          "1,\"sgd, \"\"plain\"\"\",1,0.5,,,,,\n");
  exportTo(path + "#run/1", "runs", folder / "r.json");
  REQUIRE(json::parse(readText(folder / "r.json")).at("runs").at(0).at("metrics").size() == 2);
}

// A valley of two basins, 0 and 1, that meet at 3: worked out by hand.
TEST_CASE("tree and persistence of a grid are exported") {
  const TemporaryFolder folder;
  const std::vector<double> values{0, 3, 1};
  writeNpy(folder / "g.npy", NdArray::fromDoubles({1, 3}, values));
  exportTo(folder / "g.npy", "persistence", folder / "p.csv");
  REQUIRE(readText(folder / "p.csv") ==
          "degree,birth,death,birth_vertex,death_vertex\n0,0,inf,0,\n0,1,3,2,1\n");
  exportTo(folder / "g.npy", "persistence", folder / "p.npz");
  const auto persistence = readNpz(folder / "p.npz");
  REQUIRE(persistence.at("vertices.0").shape == std::vector<std::size_t>{2, 2});
  const auto betti = persistence.at("betti.0").toDoubles();
  REQUIRE(betti.front() == 1);  // at 0 there is one component, between 1 and 3 there are two
  REQUIRE(betti[128] == 2);
  REQUIRE(betti.back() == 1);
  // The class that dies lives from 1 to 3: its tent is 1 high at 2, the 170th of 0 … 255 levels.
  REQUIRE(std::abs(persistence.at("landscape.0").toDoubles()[170] - 1.0) < 1e-12);
  exportTo(folder / "g.npy", "persistence", folder / "p.json");
  const json document = json::parse(readText(folder / "p.json"));
  REQUIRE(document.at("intervals").size() == 2);
  REQUIRE_FALSE(document.at("intervals").at(0).contains("death"));
  REQUIRE(document.at("entropy") == json{0.0});
  exportTo(folder / "g.npy", "tree", folder / "t.json");
  const json tree = json::parse(readText(folder / "t.json"));
  REQUIRE(tree.at("arcs") == json{{0, 2}, {1, 2}});
  REQUIRE(tree.at("nodes").at(1).at("vertex") == 2);
  exportTo(folder / "g.npy", "tree", folder / "t.npz");
  REQUIRE(readNpz(folder / "t.npz").at("node_value").toDoubles() == std::vector<double>{0, 1, 3});
}

TEST_CASE("an export looks at the grid as it is asked to") {
  const TemporaryFolder folder;
  const std::vector<double> values{0, 3, 1};
  writeNpy(folder / "g.npy", NdArray::fromDoubles({1, 3}, values));
  const auto write = [&](std::vector<std::string> more, const std::string& out) {
    std::vector<std::string> words{"tarn", "export", folder / "g.npy", "--out", folder / out};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramResult result = run(words);
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    return json::parse(readText(folder / out));
  };
  // At a threshold of 2 the shallow basin is gone; from above there is one maximum, vertex 1.
  REQUIRE(write({"--what", "tree", "--persistence", "2"}, "s.json").at("nodes").size() == 2);
  const json split = write({"--what", "tree", "--superlevel"}, "m.json");
  REQUIRE(split.at("levels") == "superlevel");
  REQUIRE(split.at("nodes").at(0) == json{{"vertex", 1},
                                          {"value", 3.0},
                                          {"kind", "maximum"},
                                          {"parent", 1},
                                          {"coordinates", {0.0, 1.0}}});
  const json contour = write({"--what", "contour-tree"}, "c.json");
  REQUIRE(contour.at("arcs").size() == 2);
  const json complex = write({"--what", "morse-smale"}, "m-s.json");
  REQUIRE(complex.at("critical_cells").size() == 3);
  REQUIRE(complex.at("separatrices").size() == 2);
  const json profile = write({"--what", "profile"}, "w.json");
  REQUIRE(profile.at("width") == 3.0);
  const json basins = write({"--what", "basins", "--field", folder / "g.npy"}, "b.json");
  REQUIRE(basins.at("basins").size() == 2);
  REQUIRE(basins.at("basins").at(0).at("vertices") == 2);
  REQUIRE(basins.at("basins").at(0).at("field_mean") == 1.5);
  REQUIRE(run({"tarn", "export", folder / "g.npy", "--what", "tree", "--persistence", "deep",
               "--out", folder / "x.json"})
              .exitCode == 2);
}

TEST_CASE("an export that cannot be is refused and leaves nothing behind") {
  const TemporaryFolder folder;
  const std::string path = makeProject(folder);
  const auto codeOf = [](const std::vector<std::string>& words) { return run(words).exitCode; };
  REQUIRE(codeOf({"tarn", "export", path, "--what", "tree", "--out", folder / "x.npy"}) == 2);
  REQUIRE(codeOf({"tarn", "export", path, "--what", "valleys", "--out", folder / "x.npz"}) == 2);
  REQUIRE(codeOf({"tarn", "export", path, "--what", "spectrum", "--out", folder / "x.npz"}) == 1);
  REQUIRE(codeOf({"tarn", "export", path, "--what", "landscape", "--quantity", "speed", "--out",
                  folder / "x.npz"}) == 1);
  REQUIRE(codeOf({"tarn", "export", path, "--what", "landscape", "--out",
                  folder / "no/such/folder.json"}) == 1);
  REQUIRE_FALSE(std::filesystem::exists(folder / "x.npz"));
}

namespace {

/// A project with a spectrum of everything; λ of exactly known digits.
std::string makeSpectrum(const TemporaryFolder& folder) {
  const std::string path = folder / "curved.tarn";
  const auto project = Project::create(path);
  StoredSpectrum spectrum;
  spectrum.experiment = project->addExperiment({});
  spectrum.result = {
      {"eigenvalues", {4.5, 2.25}},
      {"residuals", {0.125, nullptr}},
      {"trace", {{"value", 7.5}, {"standard_error", 0.5}}},
      {"layers", {{{"layer", "a,b"}, {"parameters", 8}, {"trace", 6}, {"mean_curvature", 0.75}}}},
      {"density",
       {{"values", {0.0, 1.0}}, {"density", {0.5, 0.25}}, {"nodes", {{1.0, 2.0}, {3.0, 4.0}}}}},
      {"weights", {{{"layer", "a,b"}, {"name", "w"}, {"eigenvalues", {1.0, 4.0}}}}}};
  spectrum.eigenvectors = {NdArray::fromDoubles({2}, std::vector{0.6, 0.8})};
  project->addSpectrum(spectrum);
  project->close();
  return path;
}

}  // namespace

TEST_CASE("a spectrum is exported whole, its parts as tables") {
  const TemporaryFolder folder;
  const std::string path = makeSpectrum(folder);
  exportTo(path, "spectrum", folder / "s.npz");
  const NpzReader arrays(folder / "s.npz");
  CHECK(arrays.read("eigenvalues").toDoubles() == std::vector{4.5, 2.25});
  CHECK(std::isnan(arrays.read("residuals").toDoubles().at(1)));
  CHECK(arrays.read("trace").toDoubles() == std::vector{7.5, 0.5});
  CHECK(arrays.read("density.density").toDoubles() == std::vector{0.5, 0.25});
  CHECK(arrays.read("density.nodes").shape == std::vector<std::size_t>{2, 2});
  CHECK(arrays.read("weights.w").toDoubles() == std::vector{1.0, 4.0});
  CHECK(arrays.read("eigenvector.0").toDoubles() == std::vector{0.6, 0.8});
  const NdArray names = arrays.read("layers.names");
  CHECK(std::string(reinterpret_cast<const char*>(names.bytes.data()), names.bytes.size()) ==
        "a,b\n");
  exportTo(path, "spectrum", folder / "s.json");
  CHECK(json::parse(readText(folder / "s.json")).at("result").at("trace").at("value") == 7.5);

  exportTo(path + "#spectrum/1", "spectrum", folder / "s.csv");
  CHECK(readText(folder / "s.csv") == "index,eigenvalue,residual\n1,4.5,0.125\n2,2.25,\n");
  const ProgramResult layers = run({"tarn", "export", path, "--what", "spectrum", "--part",
                                    "layers", "--out", folder / "l.csv"});
  INFO(layers.err);
  REQUIRE(layers.exitCode == 0);
  CHECK(readText(folder / "l.csv") ==
        "layer,parameters,trace,standard_error,mean_curvature,eigenvalue,residual\n"
        "\"a,b\",8,6,,0.75,,\n");
}

TEST_CASE("a part that a spectrum has not, and one that says nothing, are refused") {
  const TemporaryFolder folder;
  const std::string path = makeSpectrum(folder);
  const auto code = [&](std::vector<std::string> words) { return run(std::move(words)).exitCode; };
  CHECK(code({"tarn", "export", path, "--what", "spectrum", "--part", "phases", "--out",
              folder / "x.csv"}) == 2);
  CHECK(code({"tarn", "export", path, "--what", "spectrum", "--part", "layers", "--out",
              folder / "x.npz"}) == 2);
  CHECK(code({"tarn", "render", path, "--view", "spectrum", "--layer", "nobody", "--out",
              folder / "x.svg"}) == 2);
  CHECK(code({"tarn", "render", path, "--view", "contour", "--layer", "a,b", "--out",
              folder / "x.svg"}) == 2);
  CHECK(code({"tarn", "render", path + "#landscape/1", "--view", "spectrum", "--out",
              folder / "x.svg"}) == 2);
  CHECK(code({"tarn", "render", path, "--view", "spectrum", "--repair", "--out",
              folder / "x.svg"}) == 2);
}

TEST_CASE("a spectrum is rendered in every format, whole and by parts") {
  const TemporaryFolder folder;
  const std::string path = makeSpectrum(folder);
  for (const char* ending : {"svg", "pdf", "png"}) {
    const std::string out = folder / (std::string("whole.") + ending);
    const ProgramResult result =
        run({"tarn", "render", path, "--view", "spectrum", "--out", out, "--json"});
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    CHECK(json::parse(result.out).at("parts") ==
          json{"eigenvalues", "density", "layers", "weights"});
    CHECK(std::filesystem::file_size(out) > 1000);
  }
  const std::string svg = folder / "layers.svg";
  const ProgramResult result = run({"tarn", "render", path + "#spectrum/1", "--view", "spectrum",
                                    "--part", "layers", "--log", "--out", svg});
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  const std::string text = readText(svg);
  CHECK_THAT(text, ContainsSubstring("a,b"));
  CHECK_THAT(text, ContainsSubstring("mean curvature"));
}
