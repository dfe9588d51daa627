// How many points a tile has, by what they cost.
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "engine/tasks/landscape_cost.h"

using namespace tarn;

namespace {

std::uint64_t tileOf(std::uint64_t points, double secondsPerPoint, int workers = 2,
                     int pointsPerCall = 1) {
  return tilePointsFor({.points = points,
                        .secondsPerPoint = secondsPerPoint,
                        .plan = {{"workers", workers}, {"points_per_call", pointsPerCall}},
                        .circumstances = {}});
}

}  // namespace

TEST_CASE("a tile is about half a second of one worker") {
  CHECK(tileOf(1681, 0.0625) == 8);
  CHECK(tileOf(1681, 0.125) == 4);
  CHECK(tileOf(1681, 0.1249, 1) == 4);
}

TEST_CASE("a point that takes longer than that is a tile of its own") {
  CHECK(tileOf(1681, 0.5) == 1);
  CHECK(tileOf(1681, 0.51) == 1);
  CHECK(tileOf(1681, 3600) == 1);
  CHECK(tileOf(1681, std::numeric_limits<double>::infinity()) == 1);
}

TEST_CASE("every worker gets eight tiles of a grid that is large enough") {
  CHECK(tileOf(1681, 1e-6) == 105);  // ⌊1681 / 16⌋
  CHECK(tileOf(1681, 1e-6, 64) == 3);
  CHECK(tileOf(1681, 1e-6, 1000) == 1);
  CHECK(tileOf(9, 1e-6) == 1);
  CHECK(tileOf(1, 1e-6) == 1);
}

TEST_CASE("a tile has 256 points at most, however little they cost") {
  CHECK(tileOf(1'000'000, 1e-6) == 256);
  CHECK(tileOf(1'000'000, 0.5 / 256) == 256);
  CHECK(tileOf(1'000'000, 0.5 / 255.5) == 255);
  CHECK(tileOf(1'000'000, 0) == 256);
}

TEST_CASE("tiles are whole calls of a plan that evaluates several points together") {
  CHECK(tileOf(1681, 1e-6, 2, 16) == 96);  // ⌊105 / 16⌋ · 16
  CHECK(tileOf(9, 1e-6, 2, 16) == 16);
  CHECK(tileOf(1681, 0.5, 2, 4) == 4);
}
