#include "engine/protocol/tile_order.h"

#include <catch2/matchers/catch_matchers_string.hpp>
#include <set>

#include "topology/base/error.h"
#include "torch_catch.h"

using tarn::TileOrder;

namespace {

std::vector<std::uint32_t> sequence(const TileOrder& order) {
  std::vector<std::uint32_t> all;
  for (std::uint64_t tile = 0; tile < order.tiles(); ++tile) {
    const auto points = order.tile(tile);
    all.insert(all.end(), points.begin(), points.end());
  }
  return all;
}

}  // namespace

TEST_CASE("the tiles of a grid hold every point exactly once") {
  for (const auto& shape : std::vector<std::vector<std::uint64_t>>{
           {1}, {2}, {41}, {1, 1}, {7, 5}, {41, 41}, {3, 1, 64}, {4, 3, 2, 5}}) {
    for (const std::uint64_t tilePoints : {1U, 16U, 7U, 100'000U}) {
      const TileOrder order(shape, tilePoints);
      const auto all = sequence(order);
      std::uint64_t expected = 1;
      for (const auto extent : shape) {
        expected *= extent;
      }
      REQUIRE(order.points() == expected);
      REQUIRE(order.tiles() == (expected + tilePoints - 1) / tilePoints);
      REQUIRE(all.size() == expected);
      REQUIRE(std::set(all.begin(), all.end()).size() == expected);
      REQUIRE(*std::max_element(all.begin(), all.end()) == expected - 1);
    }
  }
}

TEST_CASE("a 41×41 grid appears on its whole range with its first 36 points, then refines") {
  const TileOrder order({41, 41}, 16);
  CHECK(order.coarsestPoints() == 36);
  const auto all = sequence(order);
  // Strides 8, 4, 2, 1: 6², 11², 21² and 41² points once each level is complete.
  const std::vector<std::pair<std::size_t, std::uint32_t>> levels{
      {36, 8}, {121, 4}, {441, 2}, {1681, 1}};
  for (const auto& [complete, stride] : levels) {
    std::set<std::uint32_t> expected;
    for (std::uint32_t y = 0; y <= 40; y += stride) {
      for (std::uint32_t x = 0; x <= 40; x += stride) {
        expected.insert(y * 41 + x);
      }
    }
    REQUIRE(std::set(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(complete)) == expected);
  }
}

TEST_CASE("the first level has as few intervals as one wants") {
  const TileOrder order({41, 41}, 16, 4);
  CHECK(order.coarsestPoints() == 16);
  const auto all = sequence(order);
  std::set<std::uint32_t> expected;
  for (const std::uint32_t y : {0U, 16U, 32U, 40U}) {
    for (const std::uint32_t x : {0U, 16U, 32U, 40U}) {
      expected.insert(y * 41 + x);
    }
  }
  CHECK(std::set(all.begin(), all.begin() + 16) == expected);
  CHECK(TileOrder({41}, 16, 1).coarsestPoints() == 2);
  CHECK(TileOrder({41}, 16, TileOrder::mostIntervals).coarsestPoints() == 41);
}

TEST_CASE("the last index of every axis belongs to the first level, whatever the length") {
  const auto all = sequence(TileOrder({38}, 1));
  const std::set<std::uint32_t> first(all.begin(), all.begin() + 6);
  REQUIRE(first == std::set<std::uint32_t>{0, 8, 16, 24, 32, 37});
}

TEST_CASE("absurd grids are refused with their number of points") {
  REQUIRE_THROWS_WITH(TileOrder({41, 41, 41, 41, 41, 41}, 16),
                      Catch::Matchers::ContainsSubstring("41×41×41×41×41×41") &&
                          Catch::Matchers::ContainsSubstring("4.75e+09"));
  REQUIRE_THROWS_AS(TileOrder({~std::uint64_t{0}, ~std::uint64_t{0}}, 16), tarn::Error);
  REQUIRE_THROWS_AS(TileOrder({5, 0}, 16), tarn::Error);
  REQUIRE_THROWS_AS(TileOrder({}, 16), tarn::Error);
  REQUIRE_THROWS_AS(TileOrder({5}, 0), tarn::Error);
  REQUIRE_THROWS_AS(TileOrder({5}, 1, 0), tarn::Error);
  REQUIRE_THROWS_AS(TileOrder({5}, 1, TileOrder::mostIntervals + 1), tarn::Error);
}
