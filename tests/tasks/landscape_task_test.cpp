#include "engine/tasks/landscape_task.h"

#include <catch2/catch_test_macros.hpp>

using namespace tarn;

TEST_CASE("an axis with an odd number of steps goes exactly through its centre and its ends") {
  for (const std::uint64_t steps : {3U, 41U, 1001U}) {
    const auto coordinates = axisCoordinates(0.3, steps);
    REQUIRE(coordinates.size() == steps);
    CHECK(coordinates[steps / 2] == 0.0);
    CHECK(coordinates.front() == -0.3);
    CHECK(coordinates.back() == 0.3);
  }
}

TEST_CASE("an axis is symmetric about its centre to the bit") {
  for (const std::uint64_t steps : {2U, 40U, 41U}) {
    const auto coordinates = axisCoordinates(1.7, steps);
    for (std::uint64_t i = 0; i < steps; ++i) {
      CHECK(coordinates[i] == -coordinates[steps - 1 - i]);
    }
  }
}

TEST_CASE("an axis of one step is its centre") {
  CHECK(axisCoordinates(2.0, 1) == std::vector<double>{0.0});
}
