#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <stop_token>
#include <vector>

#include "grids.h"
#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/distances/assignment.h"
#include "topology/distances/diagram_distance.h"
#include "topology/distances/tree_distance.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

using Points = std::vector<DiagramPoint>;

Points randomPoints(std::size_t count, unsigned seed) {
  const auto values = noise(2 * count, seed);
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({values[2 * i], values[2 * i] + values[2 * i + 1]});
  }
  return points;
}

/// The least cost over every way to assign rows to columns, tried one after the other.
double tryAll(const std::vector<double>& rowAlone, const std::vector<double>& columnAlone,
              const std::vector<double>& cost, std::size_t row = 0, unsigned taken = 0) {
  if (row == rowAlone.size()) {
    double rest = 0.0;
    for (std::size_t column = 0; column < columnAlone.size(); ++column) {
      rest += (taken >> column & 1U) == 0 ? columnAlone[column] : 0.0;
    }
    return rest;
  }
  double best = rowAlone[row] + tryAll(rowAlone, columnAlone, cost, row + 1, taken);
  for (std::size_t column = 0; column < columnAlone.size(); ++column) {
    if ((taken >> column & 1U) == 0) {
      best = std::min(best, cost[row * columnAlone.size() + column] +
                                tryAll(rowAlone, columnAlone, cost, row + 1, taken | 1U << column));
    }
  }
  return best;
}

/// The least e such that some matching, of all there are, stays within e.
double tryAllWithin(const Points& a, const Points& b, std::size_t i = 0, unsigned taken = 0) {
  const auto alone = [](const DiagramPoint& point) { return 0.5 * (point.death - point.birth); };
  if (i == a.size()) {
    double rest = 0.0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      rest = std::max(rest, (taken >> j & 1U) == 0 ? alone(b[j]) : 0.0);
    }
    return rest;
  }
  double best = std::max(alone(a[i]), tryAllWithin(a, b, i + 1, taken));
  for (std::size_t j = 0; j < b.size(); ++j) {
    if ((taken >> j & 1U) == 0) {
      const double apart =
          std::max(std::abs(a[i].birth - b[j].birth), std::abs(a[i].death - b[j].death));
      best = std::min(best, std::max(apart, tryAllWithin(a, b, i + 1, taken | 1U << j)));
    }
  }
  return best;
}

MergeTree treeOf(std::vector<double> profile) {
  const std::size_t size = profile.size();
  return joinTree(gridOf({size}, std::move(profile)), Connectivity::axes2n);
}

MergeTree randomTree(unsigned seed) {
  return joinTree(gridOf({5, 6}, noise(30, seed)), Connectivity::freudenthal);
}

}  // namespace

TEST_CASE("the least assignment is the least of all assignments") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const std::size_t rows = seed % 6;
    const std::size_t columns = seed / 6 % 6;
    const auto rowAlone = noise(rows, seed);
    const auto columnAlone = noise(columns, seed + 1000);
    const auto cost = noise(rows * columns, seed + 2000);
    const double found = leastAssignment(
        rowAlone, columnAlone,
        [&](std::size_t row, std::size_t column) { return cost[row * columns + column]; });
    INFO(rows << " rows, " << columns << " columns, seed " << seed);
    CHECK_THAT(found, WithinAbs(tryAll(rowAlone, columnAlone, cost), 1e-12));
  }
}

TEST_CASE("the bottleneck distance is the least over all matchings") {
  // Integers too: where many points are equally far apart, a search may end early.
  for (unsigned seed = 1; seed <= 500; ++seed) {
    Points a = randomPoints(seed % 6, seed);
    Points b = randomPoints(seed / 6 % 6, seed + 1000);
    for (Points* points : {&a, &b}) {
      for (DiagramPoint& point : *points) {
        if (seed % 2 == 0) {
          point = {std::floor(6 * point.birth),
                   std::floor(6 * point.birth) + 1 + std::floor(3 * (point.death - point.birth))};
        }
      }
    }
    INFO(a.size() << " and " << b.size() << " points, seed " << seed);
    CHECK(bottleneckDistance(a, b) == tryAllWithin(a, b));
  }
}

TEST_CASE("one point and the diagonal are half its persistence apart") {
  const Points one{{1.0, 4.0}};
  CHECK(bottleneckDistance(one, {}) == 1.5);
  CHECK(wassersteinDistance(one, {}, 1.0) == 1.5);
  CHECK(wassersteinDistance(one, {}, 2.0) == 1.5);
  // Two points moved by 0.1 and 0.2, far from the diagonal.
  const Points a{{0.0, 10.0}, {20.0, 40.0}};
  const Points b{{0.1, 10.0}, {20.0, 40.2}};
  CHECK_THAT(bottleneckDistance(a, b), WithinRel(0.2, 1e-12));
  CHECK_THAT(wassersteinDistance(a, b, 1.0), WithinRel(0.3, 1e-12));
  CHECK_THAT(wassersteinDistance(a, b, 2.0), WithinRel(std::hypot(0.1, 0.2), 1e-12));
}

TEST_CASE("classes that never die are matched by birth, or are infinitely apart") {
  const Points a{{0.0, kInfinity}, {3.0, kInfinity}};
  const Points b{{3.5, kInfinity}, {0.25, kInfinity}};
  CHECK_THAT(bottleneckDistance(a, b), WithinRel(0.5, 1e-12));
  CHECK_THAT(wassersteinDistance(a, b, 1.0), WithinRel(0.75, 1e-12));
  CHECK(bottleneckDistance(a, Points{{0.0, kInfinity}}) == kInfinity);
  CHECK(wassersteinDistance(a, Points{{0.0, kInfinity}}, 2.0) == kInfinity);
}

TEST_CASE("the diagram distances are distances, in their known order") {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    const Points a = randomPoints(seed % 9, seed);
    const Points b = randomPoints(seed % 7, seed + 100);
    const Points c = randomPoints(seed % 8, seed + 200);
    INFO("seed " << seed);
    CHECK(wassersteinDistance(a, a, 2.0) == 0.0);
    for (const double p : {1.0, 2.0, 3.5}) {
      const double ab = wassersteinDistance(a, b, p);
      CHECK_THAT(wassersteinDistance(b, a, p), WithinAbs(ab, 1e-12));
      CHECK(ab <= wassersteinDistance(a, c, p) + wassersteinDistance(c, b, p) + 1e-12);
      // ‖·‖∞ ≤ ‖·‖p, and the p-norms fall as p grows.
      CHECK(bottleneckDistance(a, b) <= ab + 1e-12);
      CHECK(wassersteinDistance(a, b, p + 1.0) <= ab + 1e-12);
    }
    // The best bottleneck matching is one of all: Wₚ ≤ n^(1/p) · W∞.
    CHECK(wassersteinDistance(a, b, 60.0) <=
          bottleneckDistance(a, b) * std::pow(a.size() + b.size(), 1.0 / 60.0) + 1e-12);
  }
}

TEST_CASE("what has no Wasserstein distance is refused") {
  CHECK_THROWS_AS(wassersteinDistance({}, {}, 0.5), Error);
  CHECK_THROWS_AS(wassersteinDistance({}, {}, kInfinity), Error);
  CHECK_THROWS_AS(wassersteinDistance(Points(5001), {}, 1.0), Error);
}

TEST_CASE("equal trees are at distance 0, and one pair costs what its persistence says") {
  const MergeTree two = treeOf({0, 5, 1, 9});
  CHECK(treeEditDistance(two, two) == 0.0);
  // The pair (1, 5) is carried by a minimum and a saddle; both go, for half of 4 each.
  CHECK_THAT(treeEditDistance(two, treeOf({0, 9})), WithinRel(4.0, 1e-12));
  // Its minimum higher by 0.5: both nodes are relabelled.
  CHECK_THAT(treeEditDistance(two, treeOf({0, 5, 1.5, 9})), WithinRel(1.0, 1e-12));
  CHECK_THROWS_AS(treeEditDistance(two, splitTree(gridOf({2}, {0, 1}), Connectivity::axes2n)),
                  Error);
}

TEST_CASE("the edit distance of merge trees is a metric, and does not see order") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const MergeTree a = randomTree(seed);
    const MergeTree b = randomTree(seed + 100);
    const MergeTree c = randomTree(seed + 200);
    const double ab = treeEditDistance(a, b);
    INFO("seed " << seed);
    CHECK(treeEditDistance(a, a) == 0.0);
    CHECK(ab > 0.0);
    CHECK_THAT(treeEditDistance(b, a), WithinAbs(ab, 1e-9));
    CHECK(ab <= treeEditDistance(a, c) + treeEditDistance(c, b) + 1e-9);
    // The grid read backwards has the same tree.
    auto values = noise(30, seed);
    std::ranges::reverse(values);
    CHECK_THAT(treeEditDistance(a, joinTree(gridOf({5, 6}, values), Connectivity::freudenthal)),
               WithinAbs(0.0, 1e-12));
  }
}

TEST_CASE("the distances stop when they are told to") {
  std::stop_source source;
  source.request_stop();
  const std::stop_token stop = source.get_token();
  const Points points = {{0.0, 1.0}, {0.5, 3.0}};
  const MergeTree tree = treeOf({0.0, 2.0, 1.0, 3.0});
  const auto isCancelled = [](auto compute) {
    try {
      compute();
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::cancelled;
    }
  };
  CHECK(isCancelled([&] { bottleneckDistance(points, {}, stop); }));
  CHECK(isCancelled([&] { wassersteinDistance(points, points, 2.0, stop); }));
  CHECK(isCancelled([&] { treeEditDistance(tree, tree, stop); }));
}
