// `tarn spectrum --weights`: what the command line prints, keeps and exports.

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/project/project.h"
#include "support/paths.h"
#include "support/program.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

const std::vector<std::string> kWeights{
    "tarn", "spectrum", "--weights", "--model", "mlp:64-32-12-10@init:1", "--threads", "1"};

ProgramResult runWith(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  ProgramResult result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return result;
}

}  // namespace

TEST_CASE("weight spectra need no data, are kept in the project and exported") {
  const TemporaryFolder folder;
  const std::string project = folder / "w.tarn";
  const json printed = json::parse(runWith(kWeights, {"--json", "--out", project}).out);
  REQUIRE(printed.at("weights").size() == 3);
  CHECK(printed.at("weights")[0].at("eigenvalues").size() == 32);

  const StoredSpectrum stored = Project::open(project, Access::read)->spectrum(1);
  CHECK(stored.result == printed);
  CHECK(stored.provenance.at("request").at("type") == "weight_spectra");
  CHECK_FALSE(stored.provenance.at("model_sha256").is_null());
  CHECK_THAT(runWith({"tarn", "info", project}, {}).out,
             ContainsSubstring("the model alone") && ContainsSubstring("weights of 3 matrices"));

  runWith({"tarn", "export", project, "--what", "spectrum", "--out", folder / "w.csv"}, {});
  std::ifstream table(folder / "w.csv");
  std::string line;
  std::getline(table, line);
  CHECK_THAT(line, ContainsSubstring("name,rows,columns,alpha_hill"));
  std::getline(table, line);
  const std::string name = printed.at("weights")[0].at("name");
  CHECK_THAT(line, ContainsSubstring(name + ",32,64,"));
  runWith({"tarn", "export", project, "--what", "spectrum", "--out", folder / "w.npz"}, {});
  CHECK(readNpz(folder / "w.npz").at("weights." + name).toDoubles() ==
        printed.at("weights")[0].at("eigenvalues").get<std::vector<double>>());
}

TEST_CASE("the weights stand beside the Hessian's eigenvalues when there is data") {
  std::vector<std::string> more{"--data",      sourceFile("resources/digits/digits.npz"),
                                "--transform", "layout=nchw",
                                "--subset",    "50",
                                "--top",       "1",
                                "--quiet"};
  const std::string text = runWith(kWeights, more).out;
  CHECK_THAT(text, ContainsSubstring("eigenvalue") && ContainsSubstring("stab.rank") &&
                       ContainsSubstring("12x32"));
  more.emplace_back("--json");
  const json both = json::parse(runWith(kWeights, more).out);
  CHECK(both.at("eigenvalues").size() == 1);
  CHECK(both.at("weights") == json::parse(runWith(kWeights, {"--json"}).out).at("weights"));
}
