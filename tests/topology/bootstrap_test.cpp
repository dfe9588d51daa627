#include "topology/smad/bootstrap.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "grids.h"

using namespace tarn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("for many values the interval is that of the normal distribution") {
  // The standard error of the mean of uniform values is 1/√(12 n).
  const auto values = test::noise(2000, 9);
  const auto found = bootstrapMean(values, 1);
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 2000;
  CHECK_THAT(found.mean, WithinRel(mean, 1e-12));
  const double error = 1.0 / std::sqrt(12.0 * 2000);
  CHECK_THAT(found.low, WithinAbs(mean - 1.96 * error, 0.1 * error));
  CHECK_THAT(found.high, WithinAbs(mean + 1.96 * error, 0.1 * error));
  CHECK(found.count == 2000);
}

TEST_CASE("two values: each resample is one of three, the interval all of them") {
  // Means 1, 2, 3 with chances 1/4, 1/2, 1/4: both 2.5 % quantiles are at the ends.
  const auto found = bootstrapMean(std::vector<double>{1.0, 3.0});
  CHECK(found.mean == 2.0);
  CHECK(found.low == 1.0);
  CHECK(found.high == 3.0);
}

TEST_CASE("one value has no interval, and what is undefined is left out") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto one = bootstrapMean(std::vector<double>{4.0, nan});
  CHECK(one.mean == 4.0);
  CHECK(std::isnan(one.low));
  CHECK(one.count == 1);
  CHECK(std::isnan(bootstrapMean({}).mean));
}
