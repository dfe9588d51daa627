#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "grids.h"
#include "topology/base/error.h"

using namespace tarn;

namespace {

ErrorCode refusal(std::vector<Axis> axes, std::vector<double> values) {
  try {
    const ScalarGrid grid(std::move(axes), std::move(values));
  } catch (const Error& error) {
    CHECK_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  FAIL("it was accepted");
  return ErrorCode::internal;
}

Axis axis(std::vector<double> coordinates) {
  return {std::move(coordinates), {}, {}};
}

}  // namespace

TEST_CASE("a vertex's id is its index in C order") {
  const auto grid = test::gridOf({2, 3, 4}, test::noise(24, 1));
  CHECK(grid.indices(0) == std::vector<std::size_t>{0, 0, 0});
  CHECK(grid.indices(17) == std::vector<std::size_t>{1, 1, 1});
  CHECK(grid.indices(23) == std::vector<std::size_t>{1, 2, 3});
  CHECK(grid.shape() == std::vector<std::size_t>{2, 3, 4});
}

TEST_CASE("values that are not finite are counted as masked") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  CHECK(test::gridOf({5}, {1, kInfinity, -kInfinity, kNan, 2}).maskedCount() == 3);
}

TEST_CASE("grids that contradict themselves are refused") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal({}, {}) == ErrorCode::badInput);
  CHECK(refusal({axis({})}, {}) == ErrorCode::badInput);
  CHECK(refusal({axis({0, 1})}, {1, 2, 3}) == ErrorCode::badInput);
  CHECK(refusal({axis({0, 1}), axis({0, 1})}, {1, 2}) == ErrorCode::badInput);
  CHECK(refusal({axis({1, 0})}, {1, 2}) == ErrorCode::badInput);
  CHECK(refusal({axis({0, 0})}, {1, 2}) == ErrorCode::badInput);
  CHECK(refusal({axis({0, kNan})}, {1, 2}) == ErrorCode::badInput);
  CHECK(refusal(std::vector<Axis>(64, axis({0, 1})), {1, 2}) ==
        ErrorCode::badInput);  // 2⁶⁴ vertices
}

TEST_CASE("error codes travel by name") {
  for (const auto code : {ErrorCode::usage, ErrorCode::badInput, ErrorCode::cancelled}) {
    CHECK(errorCodeFromString(toString(code)) == code);
  }
  CHECK(errorCodeFromString("no such code") == ErrorCode::internal);
}
