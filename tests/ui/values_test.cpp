// The window's logic that needs no widget.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cmath>
#include <limits>

#include "engine/protocol/tile_order.h"
#include "topology/analysis/analysis.h"
#include "topology/base/error.h"
#include "topology/merge_tree/merge_tree.h"
#include "ui/panels/sampling_plan.h"
#include "ui/panels/vertex_facts.h"
#include "ui/views/landscape_view.h"
#include "ui/window/eta.h"
#include "ui/window/refining_grid.h"
#include "ui/window/selection_history.h"

using namespace tarn;
using namespace tarn::ui;

namespace {

std::vector<double> line(std::size_t count, double last) {
  std::vector<double> coordinates;
  coordinates.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    coordinates.push_back(last * static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return coordinates;
}

StoredLandscape landscapeOf(std::size_t rows, std::size_t columns, std::uint64_t tilePoints) {
  StoredLandscape landscape;
  landscape.axes = {{line(rows, 3.0), "b", ""}, {line(columns, 2.0), "a", ""}};
  landscape.tilePoints = tilePoints;
  return landscape;
}

/// The first `count` tiles of f(row, column) in the order the engine computes them.
template <typename F>
std::vector<StoredTile> tilesOf(const StoredLandscape& landscape, std::uint64_t count, F f) {
  const std::uint64_t rows = landscape.axes[0].coordinates.size();
  const std::uint64_t columns = landscape.axes[1].coordinates.size();
  const TileOrder order({rows, columns}, landscape.tilePoints);
  std::vector<StoredTile> tiles;
  for (std::uint64_t index = 0; index < std::min(count, order.tiles()); ++index) {
    StoredTile tile;
    tile.index = index;
    for (const std::uint32_t vertex : order.tile(index)) {
      tile.values["loss"].push_back(f(vertex / columns, vertex % columns));
    }
    tiles.push_back(tile);
  }
  return tiles;
}

}  // namespace

TEST_CASE("numbers are given once for all axes or once for each") {
  using Numbers = std::vector<std::uint64_t>;
  CHECK(numbersPerAxis("4", 2, 0) == Numbers{4, 4});
  CHECK(numbersPerAxis("4, 0", 2, 0) == Numbers{4, 0});
  CHECK_THROWS_AS(numbersPerAxis("4,0,1", 2, 0), Error);
  CHECK_THROWS_AS(numbersPerAxis("4,0", 2, 1), Error);
  CHECK_THROWS_AS(numbersPerAxis("", 2, 0), Error);
  CHECK_THROWS_AS(numbersPerAxis("one", 2, 0), Error);
  CHECK(wholeNumbers("8, 32,128", 1, 1000) == Numbers{8, 32, 128});
  CHECK_THROWS_AS(wholeNumbers("8,,32", 1, 1000), Error);
  CHECK_THROWS_AS(wholeNumbers("8,1001", 1, 1000), Error);
  CHECK_THROWS_AS(wholeNumbers("-1", 0, 1000), Error);
}

TEST_CASE("a duration is told in the two largest units that matter") {
  CHECK(durationText(12.4) == "12 s");
  CHECK(durationText(200) == "3 min 20 s");
  CHECK(durationText(7500) == "2 h 5 min");
  CHECK(durationText(std::numeric_limits<double>::infinity()) == "–");
}

TEST_CASE("the remaining time follows the speed of the present stage") {
  using std::chrono::seconds;
  const Eta::Time start{};
  Eta eta;
  CHECK_FALSE(eta.update("sampling", 0, 100, start));
  CHECK(eta.update("sampling", 25, 100, start + seconds(10)).value() == Catch::Approx(30.0));
  CHECK(eta.update("sampling", 50, 100, start + seconds(15)).value() == Catch::Approx(15.0));
  CHECK(eta.secondsPerStep().value() == Catch::Approx(0.3));
  CHECK_FALSE(eta.update("another", 0, 10, start + seconds(16)));
  SECTION("and a job that goes on does not count what was there before") {
    Eta resumed;
    CHECK_FALSE(resumed.update("sampling", 80, 100, start));
    CHECK(resumed.update("sampling", 90, 100, start + seconds(10)).value() == Catch::Approx(10.0));
  }
}

TEST_CASE("selections are undone and redone, and a new one forgets what was undone") {
  SelectionHistory history;
  history.push(3);
  history.push(3);
  history.push(7);
  CHECK(history.undo() == 3);
  CHECK(history.undo() == std::nullopt);
  CHECK_FALSE(history.canUndo());
  CHECK(history.redo() == 3);
  history.push(9);
  CHECK_FALSE(history.canRedo());
  CHECK(history.undo() == 3);
}

// Multilinear interpolation reproduces a bilinear function exactly, so the preview must equal the
// function everywhere as soon as its coarsest lattice is there.
TEST_CASE("a bilinear landscape is shown right from its coarsest lattice on") {
  const StoredLandscape landscape = landscapeOf(21, 13, 4);
  const auto f = [&](std::size_t row, std::size_t column) {
    const double y = landscape.axes[0].coordinates[row];
    const double x = landscape.axes[1].coordinates[column];
    return 1 + 2 * x - y + 0.5 * x * y;
  };
  const std::uint64_t all = TileOrder({21, 13}, 4).tiles();
  bool shown = false;
  for (std::uint64_t tiles = 1; tiles <= all; ++tiles) {
    RefiningGrid grid = beginRefining(landscape, {});
    addTiles(grid, tilesOf(landscape, tiles, f));
    const ScalarGrid view = preview(grid);
    if (view.maskedCount() > 0) {
      // Once there is something to interpolate from, nothing is masked any more.
      CHECK_FALSE(shown);
      continue;
    }
    shown = true;
    double worst = 0;
    for (std::size_t row = 0; row < 21; ++row) {
      for (std::size_t column = 0; column < 13; ++column) {
        worst = std::max(worst, std::abs(view.values()[row * 13 + column] - f(row, column)));
      }
    }
    CHECK(worst < 1e-12);
    CHECK(grid.complete() == (tiles == all));
  }
  CHECK(shown);
}

// A convex function lies below what is interpolated between its values.
TEST_CASE("from an even lattice a bowl has one minimum, however many more points are there") {
  const StoredLandscape landscape = landscapeOf(21, 21, 4);
  const auto bowl = [](std::size_t row, std::size_t column) {
    const double y = static_cast<double>(row) - 9;
    const double x = static_cast<double>(column) - 11;
    return x * x + y * y;
  };
  const std::uint64_t all = TileOrder({21, 21}, 4).tiles();
  std::size_t most = 0;
  for (std::uint64_t tiles = 1; tiles <= all; ++tiles) {
    RefiningGrid grid = beginRefining(landscape, {});
    addTiles(grid, tilesOf(landscape, tiles, bowl));
    const ScalarGrid even = evenPreview(grid);
    if (even.maskedCount() == 0) {
      CHECK(joinTree(even, Connectivity::axes2n).minimaCount == 1);
      most = std::max(most, joinTree(preview(grid), Connectivity::axes2n).minimaCount);
    }
    if (tiles == all) {
      CHECK(std::ranges::equal(even.values(), grid.values));
    }
  }
  CHECK(most > 1);
}

TEST_CASE("computed values are shown as they are, also when they are not finite") {
  const StoredLandscape landscape = landscapeOf(9, 9, 8);
  const auto f = [](std::size_t row, std::size_t column) {
    return row == 4 && column == 4 ? std::numeric_limits<double>::infinity()
                                   : std::sin(static_cast<double>(row * 7 + column * 3));
  };
  RefiningGrid grid = beginRefining(landscape, {});
  addTiles(grid, tilesOf(landscape, 1000, f));
  REQUIRE(grid.complete());
  const ScalarGrid view = preview(grid);
  CHECK(view.maskedCount() == 1);
  CHECK(view.values()[9 * 8 + 2] == f(8, 2));
}

TEST_CASE("tiles that do not belong to the landscape change nothing") {
  RefiningGrid grid = beginRefining(landscapeOf(5, 5, 4), {});
  StoredTile foreign;
  foreign.index = 1000;
  foreign.values["loss"] = {1, 2, 3};
  StoredTile other;
  other.index = 0;
  other.values["accuracy"] = {1, 2, 3, 4};
  StoredTile tooLong;
  tooLong.index = 0;
  tooLong.values["loss"] = std::vector<double>(100, 5.0);
  addTiles(grid, std::vector{foreign, other, tooLong});
  CHECK(grid.computedCount == 4);
}

TEST_CASE("the accuracy of a tile goes to the points that its loss goes to") {
  const StoredLandscape landscape = landscapeOf(9, 9, 8);
  const auto f = [](std::size_t row, std::size_t column) {
    return static_cast<double>(10 * row + column);
  };
  auto tiles = tilesOf(landscape, 3, f);
  for (StoredTile& tile : tiles) {
    for (const double loss : tile.values.at("loss")) {
      tile.values["accuracy"].push_back(-loss);
    }
  }
  RefiningGrid grid = beginRefining(landscape, {});
  PointQuantities quantities{
      {"accuracy", std::vector<double>(81, std::numeric_limits<double>::quiet_NaN())}};
  addTiles(grid, tiles);
  addTiles(grid, quantities, tiles);
  REQUIRE(grid.computedCount > 0);
  REQUIRE_FALSE(grid.complete());
  for (std::size_t vertex = 0; vertex < 81; ++vertex) {
    const double accuracy = quantities.at("accuracy")[vertex];
    CHECK(grid.computed[vertex] == std::isfinite(accuracy));
    CHECK((!grid.computed[vertex] || accuracy == -grid.values[vertex]));
  }
}

TEST_CASE("the probe tells all that is known of a point, with names and units") {
  ShownLandscape shown;
  shown.landscape.grid = std::make_shared<const ScalarGrid>(
      ScalarGrid({{{-1, 1}, "hessian:1", ""}, {{0, 0.5}, "hessian:2", "steps"}}, {1, 2, 0.25, 4}));
  CHECK(probeText(shown, 3) == "hessian:2 = 0.5 steps,   hessian:1 = 1,   loss = 4");
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  shown.quantities = std::make_shared<const PointQuantities>(
      PointQuantities{{"accuracy", {0, 0, 0.9134, unknown}},
                      {"gradient_norm", {0, 0, 0.125, 3}},
                      {"standard_error", {0, 0, 0.0123, unknown}}});
  CHECK(probeText(shown, 2) ==
        "hessian:2 = 0 steps,   hessian:1 = 1,   loss = 0.25 ± 0.012 (standard error),   "
        "accuracy = 91.3 %,   gradient norm = 0.125");
  // Of a point that is not computed yet only what is interpolated is told.
  CHECK(probeText(shown, 3) ==
        "hessian:2 = 0.5 steps,   hessian:1 = 1,   loss = 4,   gradient norm = 3");
  // The others of a repaired grid stand elsewhere.
  shown.repaired = true;
  CHECK(probeText(shown, 2) == "hessian:2 = 0 steps,   hessian:1 = 1,   loss = 0.25");
  CHECK(probeText(shown, 4).isEmpty());
}

TEST_CASE("a landscape that was begun goes on with the values that are there") {
  std::vector<double> present(25, std::numeric_limits<double>::quiet_NaN());
  present[0] = 1;
  present[24] = 2;
  const RefiningGrid grid = beginRefining(landscapeOf(5, 5, 4), present);
  CHECK(grid.computedCount == 2);
  CHECK_FALSE(grid.complete());
}

// Two basins along a line: 1 and 3 meet at 5, which itself flows to the lower neighbour.
TEST_CASE("the facts of a vertex say what it is in the merge tree") {
  const std::vector<std::size_t> shape{1, 5};
  const ScalarGrid grid = ScalarGrid::fromArray(shape, {4, 1, 5, 3, 6});
  const Analysis analysis = analyze(grid, Connectivity::axes2n);
  const auto text = [&](std::int64_t vertex) {
    QString all;
    for (const auto& [name, value] : vertexFacts(grid, &analysis.tree, vertex)) {
      all += name + "=" + value + ";";
    }
    return all.toStdString();
  };
  CHECK(text(1).find("Kind=minimum") != std::string::npos);
  CHECK(text(1).find("Gap=4") != std::string::npos);
  CHECK(text(1).find("Basin=3 vertices") != std::string::npos);
  CHECK(text(2).find("Kind=saddle") != std::string::npos);
  CHECK(text(0).find("Kind=regular") != std::string::npos);
  CHECK(text(0).find("Arc from=vertex 1") != std::string::npos);
  CHECK(vertexFacts(grid, &analysis.tree, 5).empty());
  CHECK(vertexFacts(grid, &analysis.tree, -1).empty());
}
