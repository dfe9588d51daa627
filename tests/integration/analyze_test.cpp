#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/optional_data.h"
#include "support/program.h"
#include "topology/io/npy.h"

using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

json analyze(const std::string& file, const std::string& connectivity) {
  const auto result = run({"tarn", "analyze", file, "--connectivity", connectivity, "--json"});
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

json sorted(json pairs) {
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

// Expected values: TTK for the pairs, topopy for SMAD (see the data's own README).
void checkExpected(const std::string& file, const json& values) {
  INFO(file);
  CHECK(sorted(analyze(file, "freudenthal").at("pairs")) ==
        sorted(values.at("ttk_minimum_saddle_pairs")));
  const json axes = analyze(file, "2n");
  for (const char* key : {"smad", "smad_normalized", "smad_weighted", "smad_normalized_weighted"}) {
    CHECK(axes.at(key).get<double>() == Catch::Approx(values.at(key).get<double>()).epsilon(1e-5));
  }
  CHECK(axes.at("minima") == values.at("minima"));
  CHECK(axes.at("saddles") == values.at("saddle_nodes"));
}

}  // namespace

TEST_CASE(
    "tarn analyze reproduces TTK's pairs and Landscaper's SMAD on the public grids, whatever file "
    "they are in") {
  const auto expected = optionalData("conformance/expected.json");
  if (!expected) {
    SKIP("the optional conformance grids are not here");
  }
  const TemporaryFolder folder;
  const json grids = json::parse(std::ifstream(*expected));
  REQUIRE(grids.size() == 24);
  for (const auto& [name, values] : grids.items()) {
    const std::string file = expected->parent_path() / "grids" / (name + ".npy");
    checkExpected(file, values);
    for (const std::string ending : {".npz", ".vti", ".h5"}) {
      const std::string copy = folder / (name + ending);
      const auto written = run({"tarn", "export", file, "--what", "landscape", "--out", copy});
      INFO(written.err);
      REQUIRE(written.exitCode == 0);
      checkExpected(copy, values);
    }
  }
}

namespace {

/// The 40 × 40 plane f(y, x) = x + [y odd], as a sampler that walks like a snake would leave it.
std::string writeSerpentine(const TemporaryFolder& folder) {
  std::vector<double> values;
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 40; ++x) {
      values.push_back(x + y % 2);
    }
  }
  const std::string path = folder / "snake.npy";
  tarn::writeNpy(path, tarn::NdArray::fromDoubles({40, 40}, values));
  return path;
}

json answerOf(const std::vector<std::string>& words) {
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

}  // namespace

TEST_CASE("a serpentine grid is flagged, and mended when asked") {
  const TemporaryFolder folder;
  const std::string path = writeSerpentine(folder);
  const json found = answerOf({"tarn", "analyze", path, "--json"});
  CHECK(found.at("minima") == 20);
  CHECK(found.at("repaired") == false);
  const auto& health = found.at("health");
  CHECK(std::any_of(health.begin(), health.end(), [](const json& finding) {
    return finding.at("code") == "serpentine" && finding.at("repairable") == true;
  }));
  const auto check = run({"tarn", "analyze", path, "--check"});
  CHECK(check.exitCode == 0);
  CHECK_THAT(check.out, ContainsSubstring("serpentine") && !ContainsSubstring("SMAD"));
  const json checked = answerOf({"tarn", "analyze", path, "--check", "--json"});
  CHECK(checked ==
        json{{"shape", {40, 40}}, {"masked", 0}, {"health", health}, {"warnings", json::array()}});
  const json mended = answerOf({"tarn", "analyze", path, "--repair", "--json"});
  CHECK(mended.at("repaired") == true);
  CHECK(mended.at("minima") == 1);
  CHECK(mended.at("shape") == json{40, 39});
}

TEST_CASE("landscapes are compared by scores and distances") {
  const TemporaryFolder folder;
  // Basins 0 and 1 meet at 3; the second landscape is the same, its shallow basin 0.5 higher.
  tarn::writeNpy(folder / "a.npy",
                 tarn::NdArray::fromDoubles({1, 3}, std::vector<double>{0, 3, 1}));
  tarn::writeNpy(folder / "b.npy",
                 tarn::NdArray::fromDoubles({1, 3}, std::vector<double>{0, 3, 1.5}));
  const json found = answerOf({"tarn", "compare", folder / "a.npy", folder / "b.npy", "--distance",
                               "bottleneck,wasserstein,tree-edit", "--power", "1", "--json"});
  CHECK(found.at("distances").at("bottleneck") == json{{0.0, 0.5}, {0.5, 0.0}});
  CHECK(found.at("distances").at("wasserstein").at(0).at(1) == 0.5);
  CHECK(found.at("distances").at("tree-edit").at(0).at(0) == 0.0);
  CHECK(found.at("distances").at("tree-edit").at(0).at(1) > 0.0);
  // Gaps 3 and 2, 3 and 1.5.
  CHECK(found.at("scores").at("smad").at("mean") == (2.5 + 2.25) / 2);
  CHECK(found.at("scores").at("smad").at("low") == 2.25);
  CHECK(found.at("scores").at("smad").at("high") == 2.5);
  CHECK(run({"tarn", "compare", folder / "a.npy"}).exitCode == 2);
}

TEST_CASE("a comparison says how its interval was made and what makes it rough") {
  const TemporaryFolder folder;
  const auto grid = [&](const std::string& name, const std::vector<std::size_t>& shape) {
    std::vector<double> values;
    const std::size_t count = shape[0] * (shape.size() > 1 ? shape[1] : 1);
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(static_cast<double>(i * i % 7));
    }
    tarn::writeNpy(folder / name, tarn::NdArray::fromDoubles(shape, values));
    return folder / name;
  };
  const std::string five = grid("5.npy", {5, 5});
  const std::string six = grid("6.npy", {6, 6});
  const auto few = run({"tarn", "compare", five, five, five});
  CHECK_THAT(few.out, ContainsSubstring("95 % percentile bootstrap of the mean over n = 3 grids"));
  CHECK_THAT(few.err, ContainsSubstring("rough") && !ContainsSubstring("shape"));
  const auto enough = run({"tarn", "compare", five, five, five, five, five, "--json"});
  CHECK(enough.err.empty());
  CHECK(json::parse(enough.out).at("warnings").empty());
  const auto mixed = run({"tarn", "compare", five, six, five, five, five});
  CHECK(mixed.exitCode == 0);
  CHECK_THAT(mixed.err, ContainsSubstring("5×5, 6×6"));
  const auto refused = run({"tarn", "compare", five, grid("line.npy", {5})});
  CHECK(refused.exitCode == 2);
  CHECK(refused.out.empty());
  CHECK_THAT(refused.err, ContainsSubstring("2 axes") && ContainsSubstring("1 axis"));
}

TEST_CASE("what is measured in the basins of a mended grid is mended with it") {
  const TemporaryFolder folder;
  const std::string path = writeSerpentine(folder);
  const std::string out = folder / "basins.json";
  REQUIRE(
      run({"tarn", "export", path, "--what", "basins", "--field", path, "--repair", "--out", out})
          .exitCode == 0);
  const json found = json::parse(std::ifstream(out));
  REQUIRE(found.at("basins").size() == 1);
  CHECK(found.at("basins").at(0).at("vertices") == 40 * 39);
  // The mended plane is x alone, from 1 to 39.
  CHECK(found.at("basins").at(0).at("field_mean") == 20.0);
}

TEST_CASE("a threshold fills basins before they are measured") {
  const TemporaryFolder folder;
  tarn::writeNpy(folder / "a.npy",
                 tarn::NdArray::fromDoubles({5}, std::vector<double>{0, 3, 2, 9, 1}));
  const std::string out = folder / "basins.json";
  const std::vector<std::string> words{
      "tarn", "export", folder / "a.npy", "--what", "basins", "--persistence", "1", "--out", out};
  REQUIRE(run(words).exitCode == 0);
  const json found = json::parse(std::ifstream(out));
  REQUIRE(found.at("basins").size() == 2);
  CHECK(found.at("basins").at(0).at("vertices") == 3);
}

TEST_CASE("options that say nothing about what is asked for are refused") {
  const TemporaryFolder folder;
  const std::string path = writeSerpentine(folder);
  const auto refuses = [](const std::vector<std::string>& words, const std::string& option) {
    const auto result = run(words);
    INFO(result.err);
    CHECK(result.exitCode == 2);
    CHECK(result.err.find("--" + option + " ") != std::string::npos);
  };
  const auto out = folder / "x.json";
  refuses({"tarn", "export", path, "--what", "morse-smale", "--persistence", "1", "--out", out},
          "persistence");
  refuses({"tarn", "export", path, "--what", "basins", "--superlevel", "--out", out}, "superlevel");
  refuses({"tarn", "export", path, "--what", "tree", "--field", "x", "--out", out}, "field");
  refuses({"tarn", "export", path, "--what", "tree", "--quantity", "acc", "--out", out},
          "quantity");
  const auto figure = folder / "x.png";
  refuses({"tarn", "render", path, "--view", "barcode", "--log", "--out", figure}, "log");
  refuses({"tarn", "render", path, "--view", "tree", "--clip", "2", "--out", figure}, "clip");
  refuses({"tarn", "render", path, "--view", "profile", "--runs", "1", "--out", figure}, "runs");
  CHECK_FALSE(std::filesystem::exists(out));
  CHECK_FALSE(std::filesystem::exists(figure));
}
