#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/optional_data.h"
#include "support/program.h"

using namespace tarn::test;
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

}  // namespace

// Expected values: TTK for the pairs, topopy for SMAD (see the data's own README).
TEST_CASE("tarn analyze reproduces TTK's pairs and Landscaper's SMAD on the public grids") {
  const auto expected = optionalData("conformance/expected.json");
  if (!expected) {
    SKIP("the optional conformance grids are not here");
  }
  const json grids = json::parse(std::ifstream(*expected));
  REQUIRE(grids.size() == 24);
  for (const auto& [name, values] : grids.items()) {
    INFO(name);
    const std::string file = expected->parent_path() / "grids" / (name + ".npy");
    CHECK(sorted(analyze(file, "freudenthal").at("pairs")) ==
          sorted(values.at("ttk_minimum_saddle_pairs")));
    const json axes = analyze(file, "2n");
    for (const char* key :
         {"smad", "smad_normalized", "smad_weighted", "smad_normalized_weighted"}) {
      CHECK(axes.at(key).get<double>() ==
            Catch::Approx(values.at(key).get<double>()).epsilon(1e-5));
    }
    CHECK(axes.at("minima") == values.at("minima"));
    CHECK(axes.at("saddles") == values.at("saddle_nodes"));
  }
}
