#include "topology/analysis/analysis.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "grids.h"
#include "topology/analysis/serpentine.h"

using namespace tarn;
using namespace tarn::test;

namespace {

bool has(const Analysis& analysis, const std::string& code) {
  return std::any_of(analysis.health.begin(), analysis.health.end(),
                     [&](const HealthFinding& finding) { return finding.code == code; });
}

/// A round bowl around the middle of an n × n grid.
std::vector<double> bowl(std::size_t n) {
  std::vector<double> values;
  const double middle = 0.5 * static_cast<double>(n - 1);
  for (std::size_t y = 0; y < n; ++y) {
    for (std::size_t x = 0; x < n; ++x) {
      const double dx = static_cast<double>(x) - middle;
      const double dy = static_cast<double>(y) - middle;
      values.push_back(dx * dx + dy * dy);
    }
  }
  return values;
}

}  // namespace

TEST_CASE("a bowl is sound: one minimum inside, maxima in the corners") {
  const auto result = analyze(gridOf({15, 15}, bowl(15)), Connectivity::axes2n);
  CHECK(result.minima == 1);
  CHECK(result.saddles == 0);
  CHECK(result.maxima == 4);
  CHECK(result.smad.plain == 0.0);
  CHECK_FALSE(result.meanPersistence.has_value());
  CHECK(result.health.empty());
}

TEST_CASE("what is wrong with a grid is said") {
  CHECK(
      has(analyze(gridOf({4, 5}, std::vector<double>(20, 1.0)), Connectivity::axes2n), "constant"));
  CHECK(has(analyze(gridOf({20, 20}, masked(bowl(20), 0.1, 1)), Connectivity::axes2n), "masked"));
  auto slope = bowl(20);
  slope.resize(200);  // the lower half is missing: the lowest row is now the last
  CHECK(has(analyze(gridOf({10, 20}, slope), Connectivity::axes2n), "boundary-minimum"));
}

TEST_CASE("a superlevel analysis is the sublevel analysis of the negated grid") {
  for (const auto connectivity :
       {Connectivity::axes2n, Connectivity::freudenthal, Connectivity::full}) {
    const auto values = noise(300, 5);
    std::vector<double> negated;
    for (const double value : values) {
      negated.push_back(-value);
    }
    const auto up = analyze(gridOf({15, 20}, values),
                            {.connectivity = connectivity, .levels = Levels::superlevel});
    const auto down = analyze(gridOf({15, 20}, negated), connectivity);
    CHECK(up.minima == down.maxima);
    CHECK(up.maxima == down.minima);
    CHECK(up.saddles == down.saddles);
    CHECK(up.smad.plain == down.smad.plain);
    CHECK(up.smad.weighted == down.smad.weighted);
    CHECK(up.meanPersistence == down.meanPersistence);
    CHECK_FALSE(up.contourTreeSmad.has_value());
  }
}

TEST_CASE("a threshold takes the shallow minima off everything that is counted") {
  // Minima 1, 2, 3 around a pass of height 5: persistence ∞, 3, 2.
  const auto grid = gridOf({3, 3}, {9, 1, 9, 2, 5, 3, 9, 8, 9});
  const auto some = analyze(grid, {.threshold = 2.0});
  CHECK(some.minima == 2);
  CHECK(some.smad.plain == 3.5);
  CHECK(some.persistence.pairs.size() == 1);
  CHECK(toJson(some, grid).at("persistence_threshold") == 2.0);
  CHECK(toJson(some, grid).at("smad_contour_tree").is_null());
  const auto none = analyze(grid, {.threshold = 3.0});
  CHECK(none.minima == 1);
  CHECK(none.smad.plain == 0.0);
}

TEST_CASE("the JSON document has the keys of the command line's contract") {
  // Three minima 1, 2, 3 around a pass of height 5, as computed by hand.
  const auto grid = gridOf({3, 3}, {9, 1, 9, 2, 5, 3, 9, 8, 9});
  const auto document = toJson(analyze(grid, Connectivity::axes2n), grid);
  CHECK(document.at("shape") == nlohmann::json::array({3, 3}));
  CHECK(document.at("connectivity") == "2n");
  CHECK(document.at("masked") == 0);
  CHECK(document.at("minima") == 3);
  CHECK(document.at("saddles") == 1);
  CHECK(document.at("maxima") == 4);
  CHECK(document.at("smad") == 3.0);
  CHECK(document.at("smad_normalized") == 0.375);
  CHECK(document.at("mean_persistence") == 2.5);
  // In the contour tree the three minima end at the same pass: 4, 3 and 2 again.
  CHECK(document.at("smad_contour_tree") == 3.0);
  CHECK(document.at("levels") == "sublevel");
  CHECK(document.at("persistence_threshold").is_null());
  CHECK(document.at("pairs") == nlohmann::json::parse("[[3,4],[5,4]]"));
  CHECK(document.at("pair_values") == nlohmann::json::parse("[[2.0,5.0],[3.0,5.0]]"));
  CHECK(document.at("tree").at("nodes").at(0) ==
        nlohmann::json::parse(R"({"id":1,"value":1.0,"kind":"minimum","position":[0.0,1.0]})"));
  CHECK(document.at("tree").at("arcs") == nlohmann::json::parse("[[0,3],[1,3],[2,3],[3,4]]"));
  CHECK(document.at("tree").at("roots") == nlohmann::json::parse("[4]"));
  CHECK(document.at("health").is_array());
  CHECK(document.contains("smad_weighted"));
  CHECK(document.contains("smad_normalized_weighted"));
}

TEST_CASE("undefined numbers are null") {
  const auto grid = gridOf({3}, std::vector<double>(3, std::numeric_limits<double>::quiet_NaN()));
  const auto document = toJson(analyze(grid, Connectivity::axes2n), grid);
  CHECK(document.at("smad").is_null());
  CHECK(document.at("mean_persistence").is_null());
  CHECK(document.at("minima") == 0);
  CHECK(document.at("tree").at("nodes").empty());
}
