// Optimizers on the command line: the list, what train says of tensors, and recorded gradients.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/paths.h"
#include "support/program.h"

using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

std::vector<std::string> training(const std::string& model, const std::string& optimizer,
                                  const std::string& out) {
  return {"tarn",        "train",
          "--model",     model,
          "--data",      sourceFile("resources/digits/digits.npz"),
          "--subset",    "128",
          "--transform", "layout=nchw,scale=1/16",
          "--loss",      "cross-entropy",
          "--optimizer", optimizer,
          "--epochs",    "1",
          "--snapshots", "2",
          "--out",       out,
          "--json"};
}

}  // namespace

TEST_CASE("the list of optimizers fits 100 columns and tells the reconstructed ones") {
  const ProgramResult list = run({"tarn", "train", "--list-optimizers"});
  REQUIRE(list.exitCode == 0);
  std::istringstream lines(list.out);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }) <= 100);
  }
  const json table = json::parse(run({"tarn", "train", "--list-optimizers", "--json"}).out);
  for (const json& optimizer : table) {
    const std::string name = optimizer.at("name");
    INFO(name);
    if (name == "fismo" || name == "aro" || name == "lanton") {
      CHECK_THAT(optimizer.at("summary").get<std::string>(), ContainsSubstring("reconstructed"));
    }
    CHECK_THAT(list.out, ContainsSubstring(name));
  }
}

TEST_CASE("train says which tensor goes where, before the run and in its result") {
  const TemporaryFolder folder;
  const ProgramResult trained =
      run(training("mlp:64-12-8-10,act=tanh@init:0", "muon", folder / "runs.tarn"));
  INFO(trained.err);
  REQUIRE(trained.exitCode == 0);
  CHECK_THAT(trained.err, ContainsSubstring("layer2.weight 8x12"));
  const json routing = json::parse(trained.out).at("runs")[0].at("routing");
  REQUIRE(routing.size() == 6);
  for (const json& route : routing) {
    CHECK((route.at("rule") == "muon") == (route.at("name") == "layer2.weight"));
  }
}

TEST_CASE("a matrix optimizer without a matrix to move is warned of") {
  const TemporaryFolder folder;
  const auto warnings = [&](const std::string& optimizer, const std::string& name) {
    const ProgramResult trained =
        run(training("mlp:64-8-10,act=tanh@init:0", optimizer, folder / name));
    INFO(trained.err);
    REQUIRE(trained.exitCode == 0);
    return json::parse(trained.out).at("warnings").dump();
  };
  CHECK_THAT(warnings("muon", "a.tarn"), ContainsSubstring("no tensor to move"));
  CHECK(warnings("muon:head=on", "b.tarn") == "[]");
}

TEST_CASE("recorded gradients are replayed, and what cannot be is named beside the rest") {
  const TemporaryFolder folder;
  const std::string file = folder / "courses.json";
  const json course{{"shape", {2, 2}}, {"w0", {1, 2, 3, 4}}, {"grads", {{.5, 0, 0, 0}}}};
  std::ofstream(file) << json{{"sgd/one", course}, {"mystery/one", course}, {"muon/bad", 3}};
  const ProgramResult replayed = run({"tarn", "tool", "replay", file, "--json"});
  INFO(replayed.err);
  REQUIRE(replayed.exitCode == 0);
  const json results = json::parse(replayed.out);
  CHECK(results.at("sgd/one").at("w1") == json{1 - .1 * .5, 2., 3., 4.});
  CHECK(results.at("mystery/one").at("error").at("code") == "usage");
  CHECK(results.at("muon/bad").at("error").at("code") == "bad-input");
  CHECK_THAT(replayed.err, ContainsSubstring("There is no optimizer called 'mystery'"));
}

TEST_CASE("files that hold no recorded gradients are refused in words") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& text) {
    const std::string file = folder / "courses.json";
    std::ofstream(file) << text;
    const ProgramResult result = run({"tarn", "tool", "replay", file});
    CHECK(result.exitCode == 1);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK_THAT(refused("{"), ContainsSubstring("is not JSON"));
  CHECK_THAT(refused("[1, 2]"), ContainsSubstring("holds no recorded courses"));
  CHECK_THAT(refused("{}"), ContainsSubstring("holds no recorded courses"));
  CHECK_THAT(refused(std::string(100, '[')), ContainsSubstring("nested more than"));
  std::string large = "{\"sgd/x\": [0";
  for (int i = 0; i < (9 << 20); ++i) {
    large += ",0";
  }
  CHECK_THAT(refused(large + "]}"), ContainsSubstring("larger than the 16 MiB"));
}
