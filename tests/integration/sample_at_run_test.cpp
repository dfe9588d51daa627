// `tarn sample --at NAME.tarn#run/ID`: the loss around the end of a run is the run's own loss, or
// it is said what else it is.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/project/project.h"
#include "support/paths.h"
#include "support/program.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

const std::string kTrainingData = sourceFile("resources/digits/digits.npz");

/// A project with one short run of a small network on some of the digits.
std::string trained(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
  const std::string path = folder / "runs.tarn";
  std::vector<std::string> words{"tarn",        "train",
                                 "--model",     "mlp:64-8-10@init:3",
                                 "--data",      kTrainingData,
                                 "--subset",    "300@1",
                                 "--transform", "layout=nchw,scale=1/16",
                                 "--optimizer", "sgd:lr=0.1",
                                 "--epochs",    "3",
                                 "--snapshots", "4",
                                 "--quiet",     "--out",
                                 path};
  words.insert(words.end(), more.begin(), more.end());
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return path;
}

ProgramResult sampleAtRun(const std::string& project, const std::vector<std::string>& more = {},
                          const std::string& directions = "random:1") {
  std::vector<std::string> words{
      "tarn", "sample",  "--at",    project + "#run/1", "--directions", directions, "--steps",
      "3",    "--range", "abs:0.5", "--quiet",          "--json",       "--out",    project};
  words.insert(words.end(), more.begin(), more.end());
  return run(words);
}

double lossAtCentre(const std::string& path) {
  const auto project = Project::open(path, Access::read);
  return project->landscapeGrid(project->resolve(ResultKind::landscape, 0), "loss").grid.value(1);
}

double lossAtEnd(const std::string& path) {
  return Project::open(path, Access::read)->snapshots(1).back().loss;
}

}  // namespace

TEST_CASE("around the end of a run the run's own loss is sampled, without saying it again") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto result = sampleAtRun(path);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  CHECK(result.err.empty());
  CHECK(json::parse(result.out).at("warnings").empty());
  CHECK(std::abs(lossAtCentre(path) - lossAtEnd(path)) < 1e-4);
}

TEST_CASE("another loss than the run's is sampled with a warning that names what differs") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto warned = [&](const std::vector<std::string>& more) {
    const auto result = sampleAtRun(path, more);
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    const json warnings = json::parse(result.out).at("warnings");
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(result.err, ContainsSubstring(warnings.at(0).get<std::string>()));
    return warnings.at(0).get<std::string>();
  };
  const std::string unscaled = warned({"--transform", "layout=nchw"});
  CHECK_THAT(unscaled, ContainsSubstring("--transform is layout=nchw (the run's: layout=nchw,"));
  CHECK_THAT(unscaled, !ContainsSubstring("--subset"));
  CHECK_THAT(warned({"--subset", "100", "--data", kTrainingData}),
             ContainsSubstring("--subset is 100 (the run's: 300@1)"));
}

TEST_CASE("around a run that held samples out it is said that they count as well") {
  const TemporaryFolder folder;
  const std::string path = trained(folder, {"--validation", "0.25@2"});
  const auto result = sampleAtRun(path);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  const json warnings = json::parse(result.out).at("warnings");
  REQUIRE(warnings.size() == 1);
  const std::string said = warnings.at(0).get<std::string>();
  CHECK_THAT(said, ContainsSubstring("the 75 samples that it held out count as well"));
  CHECK_THAT(said, ContainsSubstring("recorded"));
  CHECK_THAT(result.err, ContainsSubstring(said));
  // Other samples are another matter.
  const json others = json::parse(sampleAtRun(path, {"--subset", "100"}).out).at("warnings");
  CHECK_THAT(others.at(0).get<std::string>(), !ContainsSubstring("held out"));
}

// A random plane in a space of 610 parameters holds about 2/610 of any motion.
TEST_CASE("how little of a run lies in a plane is told wherever the plane is shown") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  REQUIRE(sampleAtRun(path, {}, "random:2").exitCode == 0);
  const auto info = run({"tarn", "info", path});
  CHECK_THAT(info.out, ContainsSubstring("% of its motion lies in this plane, which shows little"));
  const auto described = run({"tarn", "info", path, "--json"});
  const json runs = json::parse(described.out).at("landscapes").at(0).at("runs");
  REQUIRE(runs.size() == 1);
  CHECK(runs.at(0).at("explained_variance").get<double>() < 0.05);

  const std::string out = folder / "contour.svg";
  const auto render = run({"tarn", "render", path, "--view", "contour", "--json", "--out", out});
  INFO(render.err);
  REQUIRE(render.exitCode == 0);
  CHECK_THAT(render.err, ContainsSubstring("which shows little of its way"));
  CHECK(json::parse(render.out).at("trajectories").at(0).at("explained_variance") ==
        runs.at(0).at("explained_variance"));
  std::ifstream file(out);
  const std::string picture{std::istreambuf_iterator<char>(file), {}};
  CHECK_THAT(picture, ContainsSubstring("% of its motion in this plane)"));
}

TEST_CASE("another model than the run's is refused around its end") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto result = sampleAtRun(path, {"--model", "mlp:64-9-10"});
  CHECK(result.exitCode == 2);
  CHECK_THAT(result.err, ContainsSubstring("mlp:64-9-10") && ContainsSubstring("mlp:64-8-10"));
  // The same network from other parameters: the run's take their place.
  CHECK(sampleAtRun(path, {"--model", "mlp:64-8-10"}).exitCode == 0);
}

TEST_CASE("the curvature at the end of a run is that of the landscape around it") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto sampled = sampleAtRun(path, {}, "hessian:2");
  REQUIRE(sampled.exitCode == 0);
  const json axes = json::parse(sampled.out).at("axes");
  std::vector<std::string> words{"tarn",  "spectrum", "--at",    path + "#run/1",
                                 "--top", "2",        "--quiet", "--json"};
  const auto check = [&] {
    const auto found = run(words);
    INFO(found.err);
    REQUIRE(found.exitCode == 0);
    const json spectrum = json::parse(found.out);
    CHECK(spectrum.at("warnings").empty());
    CHECK(std::abs(spectrum.at("loss").get<double>() - lossAtEnd(path)) < 1e-4);
    for (const std::size_t i : {0U, 1U}) {
      const double expected = axes.at(i).at("eigenvalue");
      CHECK(std::abs(spectrum.at("eigenvalues").at(i).get<double>() - expected) < 1e-3 * expected);
    }
  };
  const auto stored = [&] { return Project::open(path, Access::read)->spectra().size(); };
  const std::size_t before = stored();
  check();
  CHECK(stored() == before);
  words.insert(words.end(), {"--out", path});
  check();
  CHECK(stored() == before + 1);
  // Another loss is another curvature, and it is said.
  words.insert(words.end(), {"--subset", "100"});
  const auto other = run(words);
  REQUIRE(other.exitCode == 0);
  CHECK_THAT(other.err, ContainsSubstring("--subset is 100 (the run's: 300@1)"));
  CHECK(json::parse(other.out).at("warnings").size() == 1);
  const auto wrong = run({"tarn", "spectrum", "--at", path + "#landscape/1"});
  CHECK(wrong.exitCode == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("does not name a run of " + path));
}

TEST_CASE(
    "what it would cost is told of landscapes around runs and of grown ones, and nothing kept") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  REQUIRE(sampleAtRun(path).exitCode == 0);
  const auto points = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"tarn", "sample"});
    words.insert(words.end(), {"--estimate", "--quiet", "--json"});
    const auto result = run(words);
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    CHECK(json::parse(result.out).at("seconds_per_point") > 0);
    return json::parse(result.out).at("points");
  };
  const std::string at = path + "#run/1";
  CHECK(points({"--at", at, "--directions", "random:2", "--steps", "7"}) == 49);
  CHECK(points({"--at", at, "--directions", "random:1", "--range", "runs", "--steps", "7", "--out",
                path}) == 7);
  CHECK(points({"--at", at, "--directions", "between:run/1@0;run/1", "--steps", "5"}) == 5);
  CHECK(points({"--refine", "3", "--out", path}) == 7);  // of 3 points
  const auto project = Project::open(path, Access::read);
  CHECK(project->landscapes().size() == 1);
  CHECK(project->landscape(1).shape() == std::vector<std::size_t>{3});
  const auto nowhere = run({"tarn", "sample", "--refine", "2", "--estimate"});
  CHECK(nowhere.exitCode == 2);
  CHECK_THAT(nowhere.err, ContainsSubstring("--out"));
}

TEST_CASE("a way between checkpoints is centred at the first, and not measured by the run") {
  const TemporaryFolder folder;
  const std::string path = trained(folder);
  const auto result = sampleAtRun(path, {}, "between:run/1@0;run/1");
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  CHECK(json::parse(result.out).at("warnings").empty());
}
