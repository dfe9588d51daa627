// Against the programs that the definitions come from, on 24 public loss landscapes: pairs from
// TTK, SMAD from topopy and nglpy in single precision.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/optional_data.h"
#include "topology/analysis/analysis.h"
#include "topology/io/grid_io.h"

using namespace tarn;
using Catch::Matchers::WithinRel;

namespace {

struct Landscape {
  std::string name;
  ScalarGrid grid;
  nlohmann::json expected;
};

std::vector<Landscape> landscapes() {
  const auto folder = test::optionalData("conformance");
  if (!folder) {
    SKIP("the public loss landscapes are not here; TARN_TEST_DATA may name their folder");
  }
  std::vector<Landscape> result;
  const auto all = nlohmann::json::parse(std::ifstream(*folder / "expected.json"));
  for (const auto& [name, expected] : all.items()) {
    result.push_back({name, readGrid(*folder / "grids" / (name + ".npy")), expected});
  }
  REQUIRE(result.size() == 24);
  return result;
}

using IdPairs = std::set<std::pair<std::int64_t, std::int64_t>>;

IdPairs idPairs(const ZerothPersistence& persistence) {
  IdPairs result;
  for (const PersistencePair& pair : persistence.pairs) {
    result.emplace(pair.birthVertex, pair.deathVertex);
  }
  return result;
}

}  // namespace

TEST_CASE("freudenthal pairs are those of TTK") {
  for (const auto& [name, grid, expected] : landscapes()) {
    INFO(name);
    const auto pairs = zerothPersistence(joinTree(grid, Connectivity::freudenthal));
    CHECK(idPairs(pairs) == expected.at("ttk_minimum_saddle_pairs").get<IdPairs>());
    CHECK(pairs.pairs.size() == expected.at("ttk_minimum_saddle_pairs").size());
  }
}

TEST_CASE("2n SMAD and counts are those of topopy on nglpy's graph") {
  constexpr double kSinglePrecision = 1e-5;
  for (const auto& [name, grid, expected] : landscapes()) {
    INFO(name);
    const auto found = analyze(grid, Connectivity::axes2n);
    const auto value = [&](const char* key) { return expected.at(key).get<double>(); };
    CHECK_THAT(found.smad.plain, WithinRel(value("smad"), kSinglePrecision));
    CHECK_THAT(found.smad.normalized, WithinRel(value("smad_normalized"), kSinglePrecision));
    CHECK_THAT(found.smad.weighted, WithinRel(value("smad_weighted"), kSinglePrecision));
    CHECK_THAT(found.smad.normalizedWeighted,
               WithinRel(value("smad_normalized_weighted"), kSinglePrecision));
    CHECK(found.minima == expected.at("minima").get<std::size_t>());
    CHECK(found.saddles == expected.at("saddle_nodes").get<std::size_t>());
  }
}

TEST_CASE("the tree's pairs are GUDHI's on public landscapes") {
  for (const auto& [name, grid, expected] : landscapes()) {
    for (const auto connectivity :
         {Connectivity::axes2n, Connectivity::freudenthal, Connectivity::full}) {
      INFO(name << ", " << toString(connectivity));
      const auto own = zerothPersistence(joinTree(grid, connectivity));
      const auto gudhi = zerothPersistenceFromGudhi(grid, connectivity);
      CHECK(own.pairs == gudhi.pairs);
      CHECK(own.essential == gudhi.essential);
    }
  }
}

TEST_CASE("the sampler's serpentine defect is found where it is and nowhere else") {
  for (const auto& [name, grid, expected] : landscapes()) {
    INFO(name);
    bool found = false;
    for (const auto& finding : analyze(grid, Connectivity::axes2n).health) {
      found = found || finding.code == "serpentine";
    }
    CHECK(found == !name.starts_with("pinn"));
  }
}
