// What the command line says of words that it does not understand, and what --help shows.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/program.h"

using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void requireHint(const std::vector<std::string>& words, const std::string& hint) {
  const ProgramResult result = run(words);
  INFO(result.err);
  CHECK(result.exitCode == 2);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring(hint));
}

}  // namespace

TEST_CASE("a mistyped command or option is answered with the nearest right one") {
  requireHint({"tarn", "smaple", "--model", "x.pt"}, "Did you mean sample?");
  requireHint({"tarn", "analyse"}, "Did you mean analyze?");
  requireHint({"tarn", "sample", "--setps", "41", "--out", "p.tarn"}, "Did you mean --steps?");
  // Also where a required option is missing because it is the mistyped one.
  requireHint({"tarn", "render", "a.npy", "--veiw=contour", "--out", "a.png"},
              "Did you mean --view?");
  requireHint({"tarn", "sample", "--dir", "hessian:2", "--out", "p.tarn"},
              "Did you mean --directions?");
  requireHint({"tarn", "info", "a.npy", "--treads", "2"}, "Did you mean --threads?");
}

TEST_CASE("what is like nothing is answered without a guess") {
  requireHint({"tarn", "sample", "--xylophone", "--out", "p.tarn"}, "`tarn sample --help` lists");
  requireHint({"tarn", "valley"}, "`tarn --help` lists");
  requireHint({"tarn", "info", "a.npy", "b.npy"}, "'b.npy' says nothing to the command info");
}

TEST_CASE("the help of every command shows the options of all commands") {
  for (const char* command : {"demo", "spectrum", "sample", "train", "analyze", "compare", "render",
                              "export", "info", "doctor"}) {
    const ProgramResult help = run({"tarn", command, "--help"});
    INFO(command);
    CHECK(help.exitCode == 0);
    for (const char* option :
         {"--json", "--quiet", "--trust", "--device", "--threads", "--seed", "--memory"}) {
      CHECK_THAT(help.out, ContainsSubstring(option));
    }
  }
}
