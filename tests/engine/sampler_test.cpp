#include "engine/landscape/sampler.h"

#include <atomic>
#include <bit>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>

#include "engine/curvature/random_vector.h"
#include "engine/landscape/plan_search.h"
#include "engine/model/builtin.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::ExecutionPlan;

namespace {

using TilesByIndex = std::map<std::uint64_t, engine::TileValues>;

const std::vector<std::vector<double>> coordinates{{-1, -.5, 0, .5, 1}, {-2, -1, 0, 1, 2, 3, 4}};

TilesByIndex sample(const engine::Experiment& experiment, const std::vector<at::Tensor>& directions,
                    const ExecutionPlan& plan, std::vector<std::uint64_t> tiles = {}) {
  const engine::Slice slice(experiment.model->parameters().flat(), directions);
  const TileOrder order({5, 7}, plan.tilePoints);
  if (tiles.empty()) {
    tiles.resize(order.tiles());
    std::iota(tiles.begin(), tiles.end(), 0);
  }
  TilesByIndex result;
  std::mutex mutex;
  engine::SamplingObserver observer;
  observer.onTile = [&](const engine::TileValues& tile) {
    const std::lock_guard lock(mutex);
    REQUIRE(result.emplace(tile.index, tile).second);
  };
  engine::sampleTiles(engine::makeWork(experiment, slice, plan), coordinates, order, tiles,
                      observer);
  return result;
}

bool sameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

/// A float32 network with convolutions, and random images.
engine::Experiment network() {
  const auto parameter = [](std::vector<std::int64_t> shape, std::uint64_t seed) {
    const auto size =
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    return (engine::gaussianVector(size, seed) * .2).to(at::kFloat).view(shape);
  };
  return test::experimentOf(
      test::scriptModel("def forward(self, x):\n"
                        "  x = torch.conv2d(x, self.a, None, [1, 1], [1, 1]).relu()\n"
                        "  x = torch.conv2d(x, self.b, None, [2, 2], [1, 1]).relu()\n"
                        "  return x.mean([2, 3]).matmul(self.c)\n",
                        {{"a", parameter({8, 3, 3, 3}, 1)},
                         {"b", parameter({16, 8, 3, 3}, 2)},
                         {"c", parameter({16, 4}, 3)}}),
      parameter({50, 3, 12, 12}, 4) * 5, at::arange(50, at::kLong).remainder(4),
      engine::Loss::crossEntropy);
}

std::vector<at::Tensor> randomDirections(std::int64_t size) {
  return {engine::gaussianVector(size, 10) / 30, engine::gaussianVector(size, 11) / 30};
}

}  // namespace

TEST_CASE("the surface of least squares is the parabola of its formula") {
  // x ↦ θ·x on the inputs √(N λᵢ/2)·eᵢ with targets 0: the loss is ½ Σ λᵢ θᵢ².
  const auto lambda = torch::tensor({3., 1., .5}, at::kDouble);
  const auto inputs = at::diag((lambda * 3. / 2).sqrt());
  const auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.theta).unsqueeze(1)\n",
                        {{"theta", torch::tensor({.1, .2, -.3}, at::kDouble)}}),
      inputs, at::zeros({3, 1}, at::kDouble), engine::Loss::mse);
  const std::vector<at::Tensor> directions{torch::tensor({1., 0., 0.}, at::kDouble),
                                           torch::tensor({0., .6, .8}, at::kDouble)};
  const auto tiles = sample(experiment, directions, {2, {2, false}, 4});
  const TileOrder order({5, 7}, 4);
  REQUIRE(tiles.size() == order.tiles());
  for (const auto& [index, tile] : tiles) {
    CHECK(tile.accuracy.empty());
    for (std::size_t i = 0; i < tile.loss.size(); ++i) {
      const auto vertex = order.tile(index)[i];
      const double a = coordinates[0][vertex / 7];
      const double b = coordinates[1][vertex % 7];
      const double expected = .5 * (3 * std::pow(.1 + a, 2) + std::pow(.2 + .6 * b, 2) +
                                    .5 * std::pow(-.3 + .8 * b, 2));
      CHECK_THAT(tile.loss[i], WithinAbs(expected, 1e-13));
    }
  }
}

TEST_CASE("values are the same bits whatever the workers and whatever the tiles") {
  const auto experiment = network();
  const auto directions = randomDirections(experiment.model->parameters().size());
  const auto whole = sample(experiment, directions, {1, {16, true}, 3});
  for (const int workers : {2, 3, 8}) {
    const auto again = sample(experiment, directions, {workers, {16, true}, 3});
    REQUIRE(again.size() == whole.size());
    for (const auto& [index, tile] : again) {
      CHECK(sameBits(tile.loss, whole.at(index).loss));
      CHECK(sameBits(tile.accuracy, whole.at(index).accuracy));
    }
  }
  const auto some = sample(experiment, directions, {2, {16, true}, 3}, {7, 2, 5});
  REQUIRE(some.size() == 3);
  for (const auto& [index, tile] : some) {
    CHECK(sameBits(tile.loss, whole.at(index).loss));
  }
}

TEST_CASE("the centre is the model's own loss, bit for bit, on the reference path") {
  const auto experiment = network();
  const auto directions = randomDirections(experiment.model->parameters().size());
  at::set_num_threads(1);
  const auto own = engine::referenceEvaluation(experiment);
  const auto tiles = sample(experiment, directions, {2, engine::referencePlan(), 35});
  const TileOrder order({5, 7}, 35);
  const auto points = order.tile(0);
  const auto center = static_cast<std::size_t>(std::find(points.begin(), points.end(), 2U * 7 + 2) -
                                               points.begin());
  CHECK(std::bit_cast<std::uint64_t>(tiles.at(0).loss[center]) ==
        std::bit_cast<std::uint64_t>(own.loss));
  CHECK(tiles.at(0).accuracy[center] == own.accuracy);
}

TEST_CASE("plans differ by rounding only") {
  const auto experiment = network();
  const auto directions = randomDirections(experiment.model->parameters().size());
  const auto reference = sample(experiment, directions, {2, engine::referencePlan(), 35}).at(0);
  for (const engine::BatchPlan batches : {engine::BatchPlan{7, false}, {16, true}, {32, false}}) {
    const auto other = sample(experiment, directions, {2, batches, 35}).at(0);
    for (std::size_t i = 0; i < other.loss.size(); ++i) {
      CHECK_THAT(other.loss[i], WithinRel(reference.loss[i], 1e-6));
    }
  }
}

TEST_CASE("values that are not finite are stored as they are") {
  const auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x * self.w.log()\n",
                        {{"w", at::ones({1}, at::kDouble)}}),
      at::ones({1, 1}, at::kDouble), at::zeros({1, 1}, at::kDouble), engine::Loss::mse);
  const auto tile =
      sample(experiment, {at::ones({1}, at::kDouble), at::zeros({1}, at::kDouble)}, {1, {}, 35})
          .at(0);
  // log w at w = 1 + c: c = −1 is infinite; the values in between are log²(1 + c).
  const TileOrder order({5, 7}, 35);
  for (std::size_t i = 0; i < 35; ++i) {
    const double c = coordinates[0][order.tile(0)[i] / 7];
    if (c == -1) {
      CHECK(std::isinf(tile.loss[i]));
    } else {
      CHECK_THAT(tile.loss[i], WithinAbs(std::pow(std::log(1 + c), 2), 1e-14));
    }
  }
}

namespace {

/// Says when the thread that has it ends, its exceptions caught.
struct ThreadEnd {
  std::atomic<bool>* said = nullptr;
  ~ThreadEnd() {
    if (said != nullptr) {
      *said = true;
    }
  }
};

}  // namespace

TEST_CASE("an error in one worker stops all, and is the one reported") {
  const auto experiment = network();
  const engine::Slice slice(experiment.model->parameters().flat(),
                            randomDirections(experiment.model->parameters().size()));
  const TileOrder order({5, 7}, 1);
  std::vector<std::uint64_t> tiles(order.tiles());
  std::iota(tiles.begin(), tiles.end(), 0);
  std::atomic<int> finished{0};
  std::atomic<bool> failed{false};
  engine::SamplingObserver observer;
  observer.onTile = [&](const engine::TileValues&) {
    const int mine = ++finished;
    if (mine == 3) {
      static thread_local ThreadEnd end;
      end.said = &failed;
      throw Error(ErrorCode::io, "the third tile");
    }
    // The others come no further before the error has been seen.
    while (mine > 3 && !failed) {
      std::this_thread::yield();
    }
  };
  try {
    const ExecutionPlan plan{4, {16, false}, 1};
    engine::sampleTiles(engine::makeWork(experiment, slice, plan), coordinates, order, tiles,
                        observer);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::io);
  }
  // The other three may each have had one more tile under way.
  CHECK(finished <= 3 + 3);
}

TEST_CASE("a measured plan can be written, read and followed") {
  const auto experiment = network();
  const engine::Slice slice(experiment.model->parameters().flat(),
                            randomDirections(experiment.model->parameters().size()));
  const auto measured = engine::measurePlan(experiment, slice, 5);
  const auto& plan = measured.plan;
  CHECK(measured.secondsPerPoint > 0);
  CHECK(plan.tilePoints == 5);
  CHECK(engine::planFromJson(engine::toJson(plan)) == plan);
  REQUIRE_THROWS_AS(
      engine::planFromJson(
          {{"workers", 0U}, {"micro_batch", 1U}, {"layout", "contiguous"}, {"tile_points", 1U}}),
      Error);
}

TEST_CASE("a direction of another length or with NaN is refused") {
  const auto theta = at::ones({3}, at::kFloat);
  REQUIRE_THROWS_AS(engine::Slice(theta, {at::ones({4})}), Error);
  REQUIRE_THROWS_AS(engine::Slice(theta, {at::full({3}, std::nan(""))}), Error);
}
