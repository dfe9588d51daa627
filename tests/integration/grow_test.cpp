// Landscapes that grow: extended, refined, with an axis more. All earlier points stay as they are.
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/project/project.h"
#include "support/paths.h"
#include "support/program.h"

using namespace tarn;
using namespace tarn::test;
using nlohmann::json;

namespace {

std::vector<std::string> smallModel() {
  return {"--model",     "mlp:64-16-10@init:1",
          "--data",      sourceFile("resources/digits/digits.npz"),
          "--subset",    "200",
          "--transform", "layout=nchw,scale=1/16"};
}

json grownBy(const std::vector<std::string>& more, bool withModel) {
  std::vector<std::string> words{"tarn", "sample", "--json", "--quiet", "--tile", "4"};
  if (withModel) {
    const auto options = smallModel();
    words.insert(words.end(), options.begin(), options.end());
  }
  words.insert(words.end(), more.begin(), more.end());
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

std::vector<double> valuesIn(const std::string& path, const std::string& quantity = "loss") {
  const auto project = Project::open(path, Access::read);
  const auto grid =
      project->landscapeGrid(project->resolve(ResultKind::landscape, 0), quantity).grid;
  return {grid.values().begin(), grid.values().end()};
}

bool equalBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace

TEST_CASE("a landscape that was extended and refined is the whole one made anew, bit for bit") {
  const TemporaryFolder folder;
  const std::string grown = folder / "grown.tarn";
  grownBy({"--directions", "random:2", "--steps", "5", "--range", "abs:1", "--out", grown}, true);
  const auto middle = grownBy({"--extend", "2,1", "--out", grown}, false);
  CHECK(middle.at("shape") == json({9, 7}));
  const auto last = grownBy({"--refine", "2", "--out", grown}, false);
  CHECK(last.at("shape") == json({17, 13}));
  CHECK(last.at("status") == "complete");

  const std::string anew = folder / "anew.tarn";
  grownBy({"--directions", "random:2", "--steps", "17,13", "--range", "abs:2,abs:1.5", "--plan-of",
           grown, "--out", anew},
          true);
  CHECK(equalBits(valuesIn(grown), valuesIn(anew)));
  CHECK(equalBits(valuesIn(grown, "accuracy"), valuesIn(anew, "accuracy")));
  CHECK(equalBits(valuesIn(grown, "standard_error"), valuesIn(anew, "standard_error")));
}

TEST_CASE("a landscape with an axis more holds the one it grew from at the new axis's 0") {
  const TemporaryFolder folder;
  const std::string path = folder / "p.tarn";
  grownBy({"--directions", "random:2", "--steps", "5", "--range", "abs:1", "--out", path}, true);
  const auto plane = valuesIn(path);
  const auto box =
      grownBy({"--add", "gradient", "--steps", "3", "--range", "abs:0.5", "--out", path}, false);
  CHECK(box.at("shape") == json({5, 5, 3}));
  CHECK(box.at("axes").at(2).at("direction") == "gradient");
  // Known in the end, although the first values didn't wait for it.
  for (const auto& axis : box.at("axes")) {
    CHECK(axis.at("curvature").is_number());
  }
  const auto all = valuesIn(path);
  std::vector<double> middle;
  for (std::size_t i = 1; i < all.size(); i += 3) {
    middle.push_back(all[i]);
  }
  CHECK(equalBits(middle, plane));
}

TEST_CASE("growing refuses what it cannot do") {
  const TemporaryFolder folder;
  const std::string path = folder / "p.tarn";
  grownBy({"--directions", "random:1", "--steps", "5", "--range", "abs:1", "--out", path}, true);
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"tarn", "sample", "--out", path};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run(words);
    CHECK(result.exitCode == 2);
    return result.err;
  };
  CHECK(refused({"--refine", "1"}).find("changes nothing") != std::string::npos);
  CHECK(refused({"--refine", "100000000"}).find("points") != std::string::npos);
  CHECK(refused({"--extend", "1,1"}).find("2 values for 1 axes") != std::string::npos);
  CHECK(refused({"--add", "gradient", "--steps", "4"}).find("odd number") != std::string::npos);
}

TEST_CASE("an estimate says points and seconds, and writes nothing") {
  const TemporaryFolder folder;
  const auto cost = grownBy({"--directions", "hessian:3", "--steps", "11", "--estimate"}, true);
  CHECK(cost.at("points") == 1331);
  CHECK(cost.at("seconds").get<double>() > 0);
  CHECK(cost.at("plan").at("workers").get<int>() >= 1);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("the way between two starts, and the ways of a run, are axes of the command line") {
  const TemporaryFolder folder;
  const std::string path = folder / "p.tarn";
  const auto way = grownBy({"--directions", "between:mlp:64-16-10@init:2;mlp:64-16-10@init:3",
                            "--steps", "5", "--plan", "reference", "--out", path},
                           true);
  // −½, 0, ½, 1, 1½: the ends are the losses of the two networks.
  const auto lossAt = [&](const std::string& start) {
    std::vector<std::string> words{"tarn", "spectrum", "--json", "--quiet", "--top", "1"};
    auto options = smallModel();
    options[1] = start;
    words.insert(words.end(), options.begin(), options.end());
    const auto result = run(words);
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
    return json::parse(result.out).at("loss").get<double>();
  };
  const auto losses = valuesIn(path);
  REQUIRE(losses.size() == 5);
  CHECK(losses[1] == lossAt("mlp:64-16-10@init:2"));
  CHECK(std::abs(losses[3] - lossAt("mlp:64-16-10@init:3")) < 1e-6 * losses[3]);

  std::vector<std::string> training{"tarn",     "train", "--quiet", "--optimizer", "sgd:lr=0.1",
                                    "--epochs", "3",     "--out",   path};
  const auto options = smallModel();
  training.insert(training.end(), options.begin(), options.end());
  const auto trained = run(training);
  INFO(trained.err);
  REQUIRE(trained.exitCode == 0);
  const auto ways =
      grownBy({"--at", path + "#run/1", "--directions", "pca:1,update,pca:1", "--steps", "3",
               "--range", "runs", "--quantity", "gradient-norm,class-loss", "--out", path},
              false);
  // Words of one kind count on.
  CHECK(ways.at("axes").at(0).at("direction") == "pca:1");
  CHECK(ways.at("axes").at(1).at("direction") == "update");
  CHECK(ways.at("axes").at(2).at("direction") == "pca:2");
  CHECK(ways.at("shape") == json({3, 3, 3}));
  const auto norms = valuesIn(path, "gradient_norm");
  CHECK(std::all_of(norms.begin(), norms.end(), [](double norm) { return norm > 0; }));
  CHECK(valuesIn(path, "class_loss/9").size() == 27);
}
