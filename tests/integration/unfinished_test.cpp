// Landscapes that are not finished, or do not cover the same, as the programs speak of them.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/project/project.h"
#include "engine/protocol/tile_order.h"
#include "support/paths.h"
#include "support/program.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

constexpr std::size_t kSide = 17;
constexpr std::uint64_t kTilePoints = 16;

Axis axisTo(double end) {
  Axis axis;
  for (std::size_t i = 0; i < kSide; ++i) {
    axis.coordinates.push_back(end * (static_cast<double>(i) / 8 - 1));
  }
  return axis;
}

/// x² + y² over indices from the middle, of which the first tiles are there.
std::string stored(const std::string& path, double end, std::uint64_t tiles) {
  const auto project = Project::create(path);
  StoredLandscape landscape;
  landscape.axes = {axisTo(end), axisTo(end)};
  landscape.quantities = {"loss"};
  landscape.tilePoints = kTilePoints;
  const auto id = project->addLandscape(landscape);
  const TileOrder order({kSide, kSide}, kTilePoints);
  std::vector<StoredTile> all;
  for (std::uint64_t index = 0; index < std::min(tiles, order.tiles()); ++index) {
    StoredTile tile;
    tile.index = index;
    for (const std::uint32_t vertex : order.tile(index)) {
      const std::size_t row = vertex / kSide;
      const double y = static_cast<double>(row) - 8;
      const double x = static_cast<double>(vertex % kSide) - 8;
      tile.values["loss"].push_back(x * x + y * y);
    }
    all.push_back(tile);
  }
  project->commitTiles(id, all);
  project->close();
  return path;
}

constexpr std::uint64_t kAll = 1000;

ProgramResult done(const std::vector<std::string>& words) {
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return result;
}

}  // namespace

TEST_CASE("that a landscape is not finished is said wherever it is looked at") {
  const TemporaryFolder folder;
  const std::string begun = stored(folder / "begun.tarn", 1, 7);
  const std::string whole = stored(folder / "whole.tarn", 1, kAll);
  const std::string says =
      "7 of its 19 tiles are there. Go on with it: tarn sample --resume --out " + begun;
  const std::string figure = folder / "x.svg";
  const auto warned = [&](std::vector<std::string> words) {
    words.emplace_back("--json");
    const auto result = done(words);
    CHECK_THAT(result.err, ContainsSubstring(says));
    return json::parse(result.out);
  };
  const json analysis = warned({"tarn", "analyze", begun});
  CHECK(analysis.at("warnings").size() == 1);
  warned({"tarn", "compare", begun, whole});
  // The coarse points that are there are a bowl, and interpolated they are one, too.
  CHECK(warned({"tarn", "render", begun, "--view", "contour", "--out", figure}).at("minima") == 1);

  CHECK(done({"tarn", "analyze", whole}).err.empty());
  CHECK(json::parse(done({"tarn", "analyze", whole, "--json"}).out).at("warnings").empty());
  CHECK(done({"tarn", "render", whole, "--view", "contour", "--out", figure}).err.empty());
}

TEST_CASE("a project's latest landscape that a view can show is drawn") {
  const TemporaryFolder folder;
  const std::string path = stored(folder / "both.tarn", 1, kAll);
  {
    const auto project = Project::open(path, Access::write);
    StoredLandscape line;
    line.axes = {axisTo(1)};
    line.quantities = {"loss"};
    line.tilePoints = kSide;
    const auto id = project->addLandscape(line);
    const std::vector<StoredTile> tiles{{0, {{"loss", std::vector<double>(kSide, 2.0)}}}};
    project->commitTiles(id, tiles);
    project->close();
  }
  const auto shapeOf = [&](const std::string& view) {
    return json::parse(
               done({"tarn", "render", path, "--view", view, "--out", folder / "x.svg", "--json"})
                   .out)
        .at("shape");
  };
  CHECK(shapeOf("contour") == json{kSide, kSide});
  CHECK(shapeOf("line") == json{kSide});
  CHECK(shapeOf("tree") == json{kSide});
  const auto volume = run({"tarn", "render", path, "--view", "volume", "--out", folder / "x.png"});
  CHECK(volume.exitCode == 1);
}

TEST_CASE("landscapes that cover different ranges are compared with a warning") {
  const TemporaryFolder folder;
  const std::string near = stored(folder / "near.tarn", .5, kAll);
  const std::string wide = stored(folder / "wide.tarn", 2, kAll);
  const std::string same = stored(folder / "same.tarn", 2.01, kAll);
  const auto apart = done({"tarn", "compare", near, wide});
  CHECK_THAT(apart.err, ContainsSubstring("-0.5..0.5 × -0.5..0.5, -2..2 × -2..2"));
  CHECK_THAT(done({"tarn", "compare", wide, same}).err, !ContainsSubstring("ranges"));
}
