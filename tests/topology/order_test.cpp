#include "topology/merge_tree/order.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace tarn;

namespace {

struct Distribution {
  std::string name;
  std::function<double(std::mt19937_64&)> draw;
};

double uniform(std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(-1, 1)(random);
}

/// Those that 32 bits of the range tell apart, and those that they do not.
const std::vector<Distribution>& distributions() {
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  static const std::vector<Distribution> all = {
      {"uniform", uniform},
      {"whole numbers, with zeros of both signs",
       [](auto& random) { return std::round(3 * uniform(random)); }},
      {"a few that dwarf the rest",
       [](auto& random) {
         const double value = uniform(random);
         return value > 0.999 ? 1e30 : value;
       }},
      {"every order of magnitude",
       [](auto& random) { return std::exp2(1000 * uniform(random)) * uniform(random); }},
      {"a range beyond the largest number",
       [=](auto& random) { return kLargest * uniform(random); }},
      {"the smallest numbers there are",
       [=](auto& random) { return kSmallest * std::round(1e4 * uniform(random)); }},
      {"neighbours of one", [](auto& random) { return 1 + 1e-12 * uniform(random); }},
      {"a constant", [](auto&) { return 7.0; }},
      {"every fifth masked",
       [](auto& random) {
         const double value = uniform(random);
         return value > 0.6 ? std::numeric_limits<double>::quiet_NaN() : value;
       }},
  };
  return all;
}

/// The order by its definition.
std::vector<std::int32_t> orderOf(const std::vector<double>& values) {
  std::vector<std::int32_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) {
      order.push_back(static_cast<std::int32_t>(i));
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return values[static_cast<std::size_t>(a)] < values[static_cast<std::size_t>(b)];
  });
  return order;
}

}  // namespace

TEST_CASE("vertices are ordered by (value, id), however their values are spread", "[order]") {
  const std::size_t count = GENERATE(0, 1, 2, 1000, 60000);
  std::mt19937_64 random(1);
  for (const Distribution& distribution : distributions()) {
    CAPTURE(distribution.name, count);
    std::vector<double> values(count);
    std::generate(values.begin(), values.end(), [&] { return distribution.draw(random); });
    CHECK(sortedOrder(values, {}) == orderOf(values));
  }
}
