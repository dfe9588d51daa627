#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/training/batch_order.h"
#include "engine/training/schedule.h"
#include "engine/training/snapshot_plan.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using Catch::Approx;

namespace {

Schedule schedule(const char* text) {
  return scheduleFromJson(nlohmann::json(text));
}

std::vector<std::int64_t> steps(const nlohmann::json& plan, std::int64_t total,
                                std::int64_t perEpoch = 10) {
  return snapshotSteps(snapshotPlanFromJson(plan), total, perEpoch);
}

using Steps = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a constant schedule is 1 throughout", "[training]") {
  for (const std::int64_t t : {0, 1, 99}) {
    CHECK(rateFactor(Schedule{}, t, 100, 10) == 1);
    CHECK(rateFactor(scheduleFromJson(nullptr), t, 100, 10) == 1);
  }
}

TEST_CASE("warm-up rises linearly and reaches 1 at its last step", "[training]") {
  const Schedule warm = schedule("constant:warmup=4");
  CHECK(rateFactor(warm, 0, 100, 10) == Approx(0.25));
  CHECK(rateFactor(warm, 1, 100, 10) == Approx(0.5));
  CHECK(rateFactor(warm, 3, 100, 10) == Approx(1));
  CHECK(rateFactor(warm, 4, 100, 10) == Approx(1));
}

TEST_CASE("a cosine falls from 1 through the middle to its end value", "[training]") {
  const Schedule cosine = schedule("cosine:final=0.1");
  CHECK(rateFactor(cosine, 0, 200, 10) == Approx(1));
  CHECK(rateFactor(cosine, 100, 200, 10) == Approx(0.55));
  CHECK(rateFactor(cosine, 50, 200, 10) == Approx(0.1 + 0.9 * (1 + std::sqrt(0.5)) / 2));
  CHECK(rateFactor(cosine, 200, 200, 10) == Approx(0.1));
  // After a warm-up the cosine spans what is left.
  const Schedule warm = schedule("cosine:warmup=100");
  CHECK(rateFactor(warm, 99, 200, 10) == Approx(1));
  CHECK(rateFactor(warm, 100, 200, 10) == Approx(1));
  CHECK(rateFactor(warm, 150, 200, 10) == Approx(0.5));
}

TEST_CASE("a step schedule drops by gamma every so many epochs", "[training]") {
  const Schedule drops = schedule("step:every=2,gamma=0.5");
  CHECK(rateFactor(drops, 0, 100, 10) == Approx(1));
  CHECK(rateFactor(drops, 19, 100, 10) == Approx(1));
  CHECK(rateFactor(drops, 20, 100, 10) == Approx(0.5));
  CHECK(rateFactor(drops, 59, 100, 10) == Approx(0.25));
  CHECK(rateFactor(drops, 60, 100, 10) == Approx(0.125));
}

TEST_CASE("a schedule survives the trip through JSON and refuses what it does not know",
          "[training]") {
  for (const char* text : {"constant:warmup=3", "cosine:final=0.2", "step:every=4,gamma=0.3"}) {
    CHECK(scheduleFromJson(toJson(schedule(text))) == schedule(text));
  }
  for (const char* text : {"linear", "cosine:final=2", "step:every=0", "cosine:warm=3",
                           "step:gamma=-1", "constant:warmup=1.5"}) {
    INFO(text);
    CHECK_THROWS_AS(schedule(text), Error);
  }
  CHECK_THROWS_AS(scheduleFromJson(3), Error);
}

TEST_CASE("an epoch visits every sample once, in an order of its own", "[training]") {
  std::set<Steps> orders;
  for (std::int64_t epoch = 0; epoch < 20; ++epoch) {
    Steps order = epochOrder(1797, 4, epoch);
    orders.insert(order);
    std::ranges::sort(order);
    Steps all(1797);
    std::iota(all.begin(), all.end(), 0);
    CHECK(order == all);
  }
  CHECK(orders.size() == 20);
}

TEST_CASE("the order depends on the seed and the epoch alone", "[training]") {
  CHECK(epochOrder(100, 4, 3) == epochOrder(100, 4, 3));
  CHECK(epochOrder(100, 4, 3) != epochOrder(100, 5, 3));
  CHECK(epochOrder(100, 1, 0) != epochOrder(100, 0, 1));
  CHECK(epochOrder(100, std::uint64_t{1} << 32, 0) != epochOrder(100, 1, 0));
  CHECK(epochOrder(0, 4, 3).empty());
}

TEST_CASE("every permutation is equally likely", "[training]") {
  // 3! permutations, 6,000 draws: each has mean 1,000 and standard deviation 28.9; six of them.
  std::map<Steps, int> counts;
  for (std::int64_t epoch = 0; epoch < 6000; ++epoch) {
    ++counts[epochOrder(3, 11, epoch)];
  }
  REQUIRE(counts.size() == 6);
  for (const auto& [order, count] : counts) {
    CHECK(std::abs(count - 1000) < 6 * 29);
  }
}

TEST_CASE("the last batch of an epoch may be smaller", "[training]") {
  CHECK(batchesPerEpoch(1797, 64) == 29);
  CHECK(batchesPerEpoch(128, 64) == 2);
  CHECK(batchesPerEpoch(3, 64) == 1);
}

TEST_CASE("snapshots always hold the start and the end", "[training]") {
  for (const char* mode : {"even", "steps", "epochs", "log"}) {
    for (const std::int64_t total : {1, 2, 7, 100, 1801}) {
      const Steps found = steps({{"mode", mode}, {"count", 12}, {"every", 3}}, total);
      INFO(mode << " of " << total);
      CHECK(found.front() == 0);
      CHECK(found.back() == total);
      CHECK(std::ranges::adjacent_find(found, std::greater_equal<>{}) == found.end());
    }
  }
}

TEST_CASE("losses are measured at the start, the end, and as far apart as asked for between",
          "[training]") {
  constexpr auto spaced = SnapshotPlan::Losses::spaced;
  const Steps every = steps({{"mode", "steps"}, {"every", 1}}, 100);
  CHECK(measuredSteps(every, spaced, 25) == Steps{0, 25, 50, 75, 100});
  // No nearer than 30: three intervals, to whole steps.
  CHECK(measuredSteps(every, spaced, 30) == Steps{0, 33, 67, 100});
  CHECK(measuredSteps(every, spaced, 1000) == Steps{0, 100});
  CHECK(measuredSteps({0}, spaced, 5) == Steps{0});
  // Where there is no snapshot nothing is measured: 333 is nearest to 100, 667 to 1000.
  CHECK(measuredSteps({0, 1, 10, 100, 1000}, spaced, 300) == Steps{0, 100, 1000});
  CHECK(measuredSteps(every, SnapshotPlan::Losses::all, 25) == every);
}

TEST_CASE("snapshots are spaced as asked for", "[training]") {
  CHECK(steps({{"count", 5}}, 100) == Steps{0, 25, 50, 75, 100});
  CHECK(steps({{"count", 100}}, 3) == Steps{0, 1, 2, 3});
  CHECK(steps({{"mode", "steps"}, {"every", 40}}, 100) == Steps{0, 40, 80, 100});
  CHECK(steps({{"mode", "epochs"}, {"every", 3}}, 100) == Steps{0, 30, 60, 90, 100});
  CHECK(steps({{"mode", "log"}, {"count", 5}}, 1000) == Steps{0, 1, 10, 100, 1000});
  CHECK(steps(nullptr, 1000).size() == 100);
  CHECK_THROWS_AS(steps({{"mode", "rarely"}}, 100), Error);
  CHECK_THROWS_AS(steps({{"count", 1}}, 100), Error);
  CHECK_THROWS_AS(steps({{"every", 0}}, 100), Error);
}
