// Runs of a project as the programs compare, draw and write them.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/paths.h"
#include "support/program.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// Two runs of a small network, one of them with a landscape at its end.
struct Trained {
  TemporaryFolder folder;
  std::string path = folder / "runs.tarn";

  Trained() {
    const auto trained = run({"tarn",
                              "train",
                              "--model",
                              "mlp:64-8-10@init:0",
                              "--data",
                              sourceFile("resources/digits/digits.npz"),
                              "--transform",
                              "layout=nchw,scale=1/16",
                              "--subset",
                              "400",
                              "--epochs",
                              "3",
                              "--snapshots",
                              "steps:7",
                              "--validation",
                              "0.25@2",
                              "--optimizer",
                              "sgd:lr=0.1",
                              "--optimizer",
                              "adamw:lr=1e-2",
                              "--quiet",
                              "--threads",
                              "1",
                              "--out",
                              path});
    INFO(trained.err);
    REQUIRE(trained.exitCode == 0);
  }
  json document(std::vector<std::string> words) const {
    words.emplace_back("--json");
    words.emplace_back("--quiet");
    const auto result = run(words);
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    return json::parse(result.out);
  }
  void sample() const {
    const auto sampled = run({"tarn", "sample", "--at", path + "#run/1", "--directions", "random:2",
                              "--range", "runs", "--steps", "5", "--quiet", "--out", path});
    INFO(sampled.err);
    REQUIRE(sampled.exitCode == 0);
  }
};

std::string contentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

double distanceOf(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("the comparison's distances are those of the parameters that are exported") {
  const Trained t;
  const json compared = t.document({"tarn", "compare", "--runs", t.path});
  CHECK(compared.at("landscape").is_null());
  REQUIRE(compared.at("runs").size() == 2);
  t.document({"tarn", "export", t.path, "--what", "runs", "--out", t.folder / "runs.npz"});
  const NpzReader arrays(t.folder / "runs.npz");
  const auto at = [&](int id, std::int64_t step) {
    return arrays.read("run." + std::to_string(id) + ".snapshot." + std::to_string(step))
        .toDoubles();
  };
  for (const json& one : compared.at("runs")) {
    const int id = one.at("id").get<int>();
    const auto last = one.at("steps").get<std::int64_t>();
    CHECK(last == std::int64_t{3} * 5);  // 300 samples are trained on, 64 at a time
    CHECK(one.at("distance").get<double>() ==
          Approx(distanceOf(at(id, 0), at(id, last))).epsilon(1e-12));
    const auto losses = arrays.read("run." + std::to_string(id) + ".snapshot_loss").toDoubles();
    CHECK(one.at("final_loss").get<double>() == losses.back());
    CHECK(one.at("best_loss").get<double>() == *std::ranges::min_element(losses));
    CHECK(one.at("validation_loss").is_number());
  }
  CHECK(compared.at("end_distances").at(0).at(1).get<double>() ==
        Approx(distanceOf(at(1, 15), at(2, 15))).epsilon(1e-12));
  CHECK(compared.at("warnings").empty());
}

TEST_CASE("with a landscape the ends are seen on its plane") {
  const Trained t;
  t.sample();
  const json compared = t.document({"tarn", "compare", "--runs", t.path});
  CHECK(compared.at("landscape") == 1);
  // The plane goes through the end of the first run: it lies in it, where the loss is its own. The
  // landscape is of all samples, the run's loss of those that it was trained on.
  const json& first = compared.at("runs").at(0).at("plane");
  CHECK(first.at("off_plane").get<double>() == Approx(0).margin(1e-4));
  const json described =
      t.document({"tarn", "export", t.path, "--what", "runs", "--out", t.folder / "runs.json"});
  const json document = json::parse(contentOf(t.folder / "runs.json"));
  const json& snapshots = document.at("runs").at(1).at("snapshots");
  CHECK(snapshots.back().at("off_plane").get<double>() ==
        Approx(compared.at("runs").at(1).at("plane").at("off_plane").get<double>()));
  CHECK(snapshots.back().at("coordinates").size() == 2);
  t.document({"tarn", "export", t.path, "--what", "runs", "--part", "snapshots", "--out",
              t.folder / "snapshots.csv"});
  std::istringstream table(contentOf(t.folder / "snapshots.csv"));
  std::string heading;
  std::getline(table, heading);
  CHECK(heading == "run,name,step,epoch,loss,accuracy,axis.0,axis.1,off_plane");
}

TEST_CASE("curves and ways are drawn without a landscape") {
  const Trained t;
  const json curves = t.document(
      {"tarn", "render", t.path, "--view", "curves", "--log", "--out", t.folder / "curves.svg"});
  CHECK(curves.at("parts") == json{"loss", "accuracy", "gradient", "step", "rate"});
  const std::string drawn = contentOf(t.folder / "curves.svg");
  for (const char* words : {"sgd:lr=0.1", "adamw:lr=1e-2", "Loss", "Learning rate", "held out"}) {
    CHECK_THAT(drawn, ContainsSubstring(words));
  }
  t.document({"tarn", "render", t.path, "--view", "curves", "--smoothing", "0.9", "--out",
              t.folder / "smooth.svg"});
  CHECK_THAT(contentOf(t.folder / "smooth.svg"), ContainsSubstring("before smoothing by 0.9"));
  const json ways = t.document(
      {"tarn", "render", t.path, "--view", "trajectories", "--out", t.folder / "ways.svg"});
  CHECK(ways.at("trajectories").size() == 2);
  // Two principal components hold no less of the variance than any other two directions.
  const double held = ways.at("axes").at(0).at("explained_variance").get<double>() +
                      ways.at("axes").at(1).at("explained_variance").get<double>();
  t.sample();
  const json random = t.document({"tarn", "render", t.path + "#landscape/1", "--view",
                                  "trajectories", "--out", t.folder / "random.svg"});
  CHECK(held > random.at("axes").at(0).at("explained_variance").get<double>() +
                   random.at("axes").at(1).at("explained_variance").get<double>());
  CHECK(ways.at("axes").at(0).at("name") == "pca:1");
  CHECK(held <= 1 + 1e-9);
}

TEST_CASE("a landscape's plane is named by the address or by --plane") {
  const Trained t;
  t.sample();
  const auto drawn = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"tarn", "render"});
    words.insert(words.end(), {"--view", "trajectories", "--out", t.folder / "ways.svg"});
    return t.document(words).at("axes");
  };
  const std::string plane = t.path + "#landscape/1";
  CHECK(drawn({t.path, "--plane", plane}) == drawn({plane}));
  CHECK(drawn({t.path, "--plane", plane}) != drawn({t.path}));
  const auto other = run({"tarn", "render", t.path, "--view", "trajectories", "--plane",
                          t.folder / "other.tarn#landscape/1", "--out", t.folder / "x.svg"});
  CHECK(other.exitCode == 2);
  CHECK_THAT(other.err, ContainsSubstring("in another project"));
  CHECK(run({"tarn", "render", plane, "--view", "trajectories", "--plane", plane, "--out",
             t.folder / "x.svg"})
            .exitCode == 2);
}

TEST_CASE("runs are called in a figure as one likes") {
  const Trained t;
  t.sample();
  const auto picture = [&](const std::string& view, const std::string& names) {
    const std::string out = t.folder / "named.svg";
    const auto result =
        run({"tarn", "render", t.path, "--view", view, "--names", names, "--out", out, "--quiet"});
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    return contentOf(out);
  };
  for (const std::string view : {"contour", "curves", "trajectories"}) {
    const std::string named = picture(view, "1=Plain descent,2=Adam's way");
    CHECK_THAT(named, ContainsSubstring("Plain descent") && ContainsSubstring("Adam's way") &&
                          !ContainsSubstring("adamw:lr"));
    CHECK_THAT(picture(view, "2=B"), ContainsSubstring("sgd:lr=0.1"));
  }
  for (const std::string wrong : {"1", "=a", "1=", "x=a", "7=a"}) {
    for (const std::string view : {"contour", "curves"}) {
      CHECK(run({"tarn", "render", t.path, "--view", view, "--names", wrong, "--out",
                 t.folder / "x.svg"})
                .exitCode != 0);
    }
  }
}

TEST_CASE("wrong words about runs are answered") {
  const Trained t;
  const auto fails = [](const std::vector<std::string>& words, const std::string& says) {
    const auto result = run(words);
    CHECK(result.exitCode == 2);
    CHECK_THAT(result.err, ContainsSubstring(says));
  };
  const std::string out = t.folder / "x.svg";
  fails({"tarn", "compare", "--runs", t.path, "--only", "7"}, "no run 7");
  fails({"tarn", "compare", "--runs", t.path, "a.npy"}, "needs two landscapes or more, or --runs");
  fails({"tarn", "render", t.path, "--view", "curves", "--part", "speed", "--out", out}, "'speed'");
  fails({"tarn", "render", t.path, "--view", "curves", "--smoothing", "1", "--out", out},
        "--smoothing");
  fails({"tarn", "render", t.path, "--view", "contour", "--smoothing", "0.5", "--out", out},
        "--smoothing says nothing about the view contour");
  fails({"tarn", "render", t.path, "--view", "trajectories", "--plane", "moon", "--out", out},
        "'moon'");
  fails({"tarn", "render", t.path, "--view", "trajectories", "--plane", "ends", "--out", out},
        "needs three runs");
  fails(
      {"tarn", "export", t.path, "--what", "runs", "--part", "speed", "--out", t.folder / "x.csv"},
      "'speed'");
}
