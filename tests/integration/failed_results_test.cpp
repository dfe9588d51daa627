// Results that are none: it is said on stderr and in the document.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "support/paths.h"
#include "support/program.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

ProgramResult trainWith(const TemporaryFolder& folder, const std::vector<std::string>& optimizers) {
  std::vector<std::string> words{"tarn",        "train",
                                 "--model",     "mlp:64-8-10@init:0",
                                 "--data",      sourceFile("resources/digits/digits.npz"),
                                 "--transform", "layout=nchw,scale=1/16",
                                 "--epochs",    "1",
                                 "--json",      "--quiet",
                                 "--out",       folder / "runs.tarn"};
  for (const std::string& optimizer : optimizers) {
    words.insert(words.end(), {"--optimizer", optimizer});
  }
  return run(words);
}

ProgramResult sampleOf(const TemporaryFolder& folder, double input, const std::string& directions,
                       const std::string& steps, const std::string& range = "abs:1") {
  const std::string data = folder / "data.npz";
  writeNpz(data, {{"inputs", NdArray::fromDoubles({2, 4}, std::vector<double>(8, input))},
                  {"targets", NdArray::fromInt64({2}, std::vector<std::int64_t>{0, 1})}});
  return run({"tarn", "sample", "--model", "mlp:4-3@init:0", "--data", data, "--directions",
              directions, "--range", range, "--steps", steps, "--json", "--quiet", "--out",
              folder / "landscape.tarn"});
}

std::string onlyWarning(const ProgramResult& result) {
  const json warnings = json::parse(result.out).at("warnings");
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(result.err, ContainsSubstring(warnings.at(0).get<std::string>()));
  return warnings.at(0).get<std::string>();
}

}  // namespace

TEST_CASE("training fails when every run diverges, and names those that did when one is good") {
  // A step of 10³⁰ times the gradient leaves the numbers of single precision within two steps.
  const TemporaryFolder all;
  const auto failed = trainWith(all, {"sgd:lr=1e30"});
  CHECK(failed.exitCode == 1);
  CHECK_THAT(onlyWarning(failed), ContainsSubstring("sgd:lr=1e30 (run 1) diverged") &&
                                      ContainsSubstring("at step ") &&
                                      ContainsSubstring("last good snapshot"));
  const TemporaryFolder one;
  const auto mixed = trainWith(one, {"sgd:lr=1e30", "sgd:lr=0.01"});
  CHECK(mixed.exitCode == 0);
  CHECK_THAT(onlyWarning(mixed), !ContainsSubstring("0.01"));
}

TEST_CASE("a sampling without a number says so") {
  const TemporaryFolder folder;
  // Weights of about 10²⁹ times inputs of 10¹⁰ are beyond single precision, and a sixteenth of them
  // is within it, so that the range is none that is refused; no vertex is the model.
  const auto result = sampleOf(folder, 1e10, "random:2", "2", "abs:1e29");
  INFO(result.err);
  CHECK(result.exitCode == 0);
  CHECK_THAT(onlyWarning(result), ContainsSubstring("No value of the landscape is a number"));
}

TEST_CASE("an axis of one step is pointed out") {
  const TemporaryFolder folder;
  const auto result = sampleOf(folder, 0.5, "random:2", "3,1");
  INFO(result.err);
  CHECK(result.exitCode == 0);
  CHECK_THAT(onlyWarning(result), ContainsSubstring("one step along random:2"));
}
