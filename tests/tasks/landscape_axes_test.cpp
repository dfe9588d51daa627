#include "engine/tasks/landscape_axes.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/tasks/direction_words.h"
#include "topology/base/error.h"

using namespace tarn;

namespace {

Axis axisOf(std::vector<double> coordinates) {
  return {std::move(coordinates), "", ""};
}

}  // namespace

TEST_CASE("a range from -0.5 to 1.5 holds both checkpoints, 0 and 1") {
  const auto coordinates = axisCoordinates(AxisReach{-0.5, 1.5}, 41);
  REQUIRE(coordinates.size() == 41);
  CHECK(coordinates[10] == 0.0);
  CHECK(coordinates[30] == 1.0);
  CHECK(coordinates.front() == -0.5);
  CHECK(coordinates.back() == 1.5);
}

TEST_CASE("a range that holds 0 has it among its coordinates, whatever the steps") {
  for (const std::uint64_t steps : {2U, 6U, 40U, 41U}) {
    const auto coordinates = axisCoordinates(AxisReach{-0.3, 1.0}, steps);
    CHECK(coordinates.size() == steps);
    CHECK(std::ranges::find(coordinates, 0.0) != coordinates.end());
    CHECK(std::ranges::is_sorted(coordinates));
  }
}

TEST_CASE("an extended axis keeps its coordinates and goes on in its own steps") {
  const auto before = axisCoordinates(1.0, 5);
  const auto after = extended(before, 2);
  REQUIRE(after == std::vector<double>{-2, -1.5, -1, -.5, 0, .5, 1, 1.5, 2});
  CHECK_THROWS_AS(extended({0.0}, 1), Error);
}

TEST_CASE("an axis refined to twice the steps is the finer axis, to the bit") {
  for (const double halfWidth : {0.3, 1.7, 12.34}) {
    CHECK(refined(axisCoordinates(halfWidth, 21), 2) == axisCoordinates(halfWidth, 41));
  }
  CHECK(refined({0, 3}, 3) == std::vector<double>{0, 1, 2, 3});
  CHECK_THROWS_AS(refined({0, 3}, 0), Error);
}

TEST_CASE("a grown grid knows which of its points an earlier one has") {
  const std::vector<Axis> before{axisOf({-1, 0, 1}), axisOf({0, 2})};
  SECTION("extended and refined") {
    const auto places = placesIn({axisOf({-2, -1, 0, 1, 2}), axisOf({0, 1, 2})}, before);
    const std::vector<std::int64_t> expected{-1, -1, -1, 0, -1, 1, 2, -1, 3, 4, -1, 5, -1, -1, -1};
    CHECK(places == expected);
  }
  SECTION("with an axis more, at whose 0 it lies") {
    const auto places = placesIn({before[0], before[1], axisOf({-1, 0, 1})}, before);
    for (std::size_t i = 0; i < places.size(); ++i) {
      CHECK(places[i] == (i % 3 == 1 ? static_cast<std::int64_t>(i / 3) : -1));
    }
  }
}

TEST_CASE("the words of directions say how many axes they are") {
  CHECK(axesOfWords({"hessian:2", "hessian:-1", "random"}) == 4);
  CHECK(axesOfWords({"between:a.pt;b.pt"}) == 1);
  CHECK(axesOfWords({"between:a.pt;b.pt;c.pt", "gradient", "file:x:3.npy"}) == 4);
  CHECK(axesOfWords({"pca:3@run/2", "update"}) == 4);
  for (const char* wrong : {"between:", "between:a;;b", "between:a;b;c;d", "pca:x", "pca:0",
                            "update:2", "pca:2@last"}) {
    CHECK_THROWS_AS(axesOfWords({wrong}), Error);
  }
}

TEST_CASE("the first of several checkpoints is the centre") {
  const nlohmann::json model{{"spec", "mlp:4-2@init:1"}, {"from", {{"run", 1}, {"step", 2}}}};
  CHECK(modelAtCentre(model, {"hessian:2"}, nullptr) == model);
  CHECK(modelAtCentre(model, {"between:b.safetensors"}, nullptr) == model);
  const auto moved = modelAtCentre(model, {"between:/w/a.safetensors;b.safetensors"}, nullptr);
  CHECK(moved.at("spec") == "mlp:4-2@/w/a.safetensors");
  CHECK_FALSE(moved.contains("from"));
  CHECK_THROWS_AS(modelAtCentre(model, {"between:a.pt;b.pt", "between:c.pt;d.pt"}, nullptr), Error);
}
