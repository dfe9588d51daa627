// Ways to compute a landscape: they differ in speed, and in values by rounding only.

#include <bit>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "engine/landscape/plan_search.h"
#include "engine/landscape/sampler.h"
#include "engine/model/builtin.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::ExecutionPlan;
using engine::Loss;

namespace {

const std::vector<std::vector<double>> planCoordinates{{-1, -.5, 0, .5, 1},
                                                       {-2, -1, 0, 1, 2, 3, 4}};

at::Tensor drawnFloats(std::vector<std::int64_t> shape, std::uint64_t seed) {
  const auto size =
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  return engine::gaussianVector(size, seed).to(at::kFloat).view(shape);
}

std::vector<at::Tensor> planeOf(const engine::Experiment& experiment, double length = .03) {
  const auto size = experiment.model->parameters().size();
  return {engine::gaussianVector(size, 10) * length, engine::gaussianVector(size, 11) * length};
}

struct Surface {
  std::vector<double> loss;  ///< by vertex
  std::vector<double> accuracy;
};

Surface sampledBy(const engine::Experiment& experiment, const std::vector<at::Tensor>& directions,
                  const ExecutionPlan& plan, const std::vector<std::uint8_t>& known = {}) {
  const engine::Slice slice(experiment.model->parameters().flat(), directions);
  const TileOrder order({5, 7}, plan.tilePoints);
  std::vector<std::uint64_t> tiles(order.tiles());
  std::iota(tiles.begin(), tiles.end(), 0);
  Surface result{std::vector<double>(35, -1), std::vector<double>(35, -1)};
  std::mutex mutex;
  engine::SamplingObserver observer;
  observer.onTile = [&](const engine::TileValues& tile) {
    const std::lock_guard lock(mutex);
    std::size_t next = 0;
    for (const auto vertex : order.tile(tile.index)) {
      if (known.empty() || known[vertex] == 0) {
        result.loss[vertex] = tile.loss.at(next);
        result.accuracy[vertex] = tile.accuracy.empty() ? -1 : tile.accuracy.at(next);
        ++next;
      }
    }
    REQUIRE(next == tile.loss.size());
  };
  engine::sampleTiles(engine::makeWork(experiment, slice, plan), planCoordinates, order, tiles,
                      observer, known);
  return result;
}

bool equalBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

engine::Experiment networkOfImages(const std::string& network, std::vector<std::int64_t> shape) {
  auto model = engine::makeBuiltin(network);
  const auto samples = shape[0];
  // Statistics that are not 0 and 1, as those of a network in use.
  auto buffers = engine::gaussianVector(model->bufferCount(), 5).abs() * .5 + .5;
  model->setBuffers(buffers);
  return test::experimentOf(std::move(model), drawnFloats(std::move(shape), 4),
                            at::arange(samples, at::kLong).remainder(4), Loss::crossEntropy);
}

/// Convolutions with BatchNorm and a shortcut in TorchScript, as an exporter writes them.
engine::Experiment scripted() {
  return test::experimentOf(
      test::scriptModel(
          "def forward(self, x):\n"
          "  x = torch.conv2d(x, self.a, None, [1, 1], [1, 1])\n"
          "  x = torch.batch_norm(x, self.g, self.h, self.mean, self.var, False, 0.1, 1e-5, "
          "False)\n"
          "  x = x.relu()\n"
          "  y = torch.conv2d(x, self.b, self.d, [1, 1], [1, 1])\n"
          "  y = torch.batch_norm(y, None, None, self.mean, self.var, False, 0.1, 1e-3, False)\n"
          "  x = (y + x).relu()\n"
          "  return x.mean([2, 3]).matmul(self.c)\n",
          {{"a", drawnFloats({8, 3, 3, 3}, 1) * .2},
           {"g", drawnFloats({8}, 6) * .2 + 1},
           {"h", drawnFloats({8}, 7) * .2},
           {"b", drawnFloats({8, 8, 3, 3}, 2) * .2},
           {"d", drawnFloats({8}, 8) * .2},
           {"c", drawnFloats({8, 4}, 3)}},
          {{"mean", drawnFloats({8}, 9) * .1}, {"var", drawnFloats({8}, 12).abs() + .5}}),
      drawnFloats({50, 3, 12, 12}, 4), at::arange(50, at::kLong).remainder(4), Loss::crossEntropy);
}

engine::Experiment perceptron() {
  return test::experimentOf(engine::makeBuiltin("mlp:20-16-16-4,act=tanh@init:3"),
                            drawnFloats({150, 20}, 4), at::arange(150, at::kLong).remainder(4),
                            Loss::crossEntropy);
}

void requireAgreement(const Surface& found, const Surface& reference) {
  for (std::size_t i = 0; i < found.loss.size(); ++i) {
    CHECK_THAT(found.loss[i], WithinRel(reference.loss[i], 1e-6));
  }
}

const std::vector<ExecutionPlan> convolutionPlans{{2, {16, true}, 4, true},
                                                  {2, {16, false}, 4, true},
                                                  {2, {0, true}, 4, true},
                                                  {2, {32, false}, 4, true, false, 3},
                                                  {2, {16, true}, 4, true, false, 1, true}};

}  // namespace

TEST_CASE("every plan gives the reference's surface to 1e-6", "[plan]") {
  SECTION("convolutions and BatchNorm in TorchScript") {
    const auto experiment = scripted();
    const auto plane = planeOf(experiment);
    const auto reference = sampledBy(experiment, plane, engine::plainPlan(experiment, 4));
    for (const auto& plan : convolutionPlans) {
      requireAgreement(sampledBy(experiment, plane, plan), reference);
    }
  }
  SECTION("a built-in network with BatchNorm") {
    const auto experiment = networkOfImages("convnet:3x8x8-8-12-4,bn=on@init:2", {50, 3, 8, 8});
    const auto plane = planeOf(experiment);
    const auto reference = sampledBy(experiment, plane, engine::plainPlan(experiment, 4));
    for (const auto& plan : convolutionPlans) {
      requireAgreement(sampledBy(experiment, plane, plan), reference);
    }
  }
  SECTION("a perceptron, its first layer's products made once, several points a call") {
    const auto experiment = perceptron();
    const auto plane = planeOf(experiment);
    const auto reference = sampledBy(experiment, plane, engine::plainPlan(experiment, 4));
    for (const bool once : {false, true}) {
      for (const int together : {1, 4, 16}) {
        for (const std::int64_t batch : {0, 64}) {
          requireAgreement(
              sampledBy(experiment, plane, {2, {batch, false}, 8, true, once, together}),
              reference);
        }
      }
    }
  }
  SECTION("sequences, some of their positions not counted") {
    torch::manual_seed(5);
    const auto tokens = torch::randint(7, {9, 6}, torch::kLong);
    auto next = tokens.roll(-1, 1);
    next.slice(0, 0, 9, 2).slice(1, 3).fill_(engine::ignoredLabel);
    const auto experiment = test::experimentOf(
        engine::makeBuiltin("char-transformer:vocab=7,context=6,width=8,heads=2,dtype=f64@init:1"),
        tokens, next, Loss::crossEntropy);
    const auto plane = planeOf(experiment);
    const auto reference = sampledBy(experiment, plane, engine::plainPlan(experiment, 4));
    for (const int together : {1, 4}) {
      const auto found = sampledBy(experiment, plane, {2, {4, false}, 4, true, false, together});
      requireAgreement(found, reference);
      for (std::size_t i = 0; i < found.accuracy.size(); ++i) {
        CHECK_THAT(found.accuracy[i], WithinRel(reference.accuracy[i], 1e-12));
      }
    }
  }
  SECTION("another loss, with weight decay, and a part of the parameters") {
    auto experiment = perceptron();
    experiment.model->choose({"layer2"});
    experiment.loss = parseLoss("cross-entropy:smoothing=0.1,decay=0.01");
    const auto plane = planeOf(experiment, .2);
    const auto reference = sampledBy(experiment, plane, engine::plainPlan(experiment, 4));
    for (const int together : {1, 4}) {
      requireAgreement(sampledBy(experiment, plane, {2, {0, false}, 8, true, true, together}),
                       reference);
    }
  }
}

TEST_CASE("BatchNorm is folded into the convolution before it", "[plan]") {
  const auto experiment = scripted();
  const auto program = engine::PointProgram::make(
      *experiment.model, engine::makeBatches(experiment.data, {}).front().inputs, {});
  REQUIRE(program);
  CHECK(program->folds());
  const auto builtin = networkOfImages("convnet:3x8x8-8-12-4,bn=on@init:2", {50, 3, 8, 8});
  const auto other = engine::PointProgram::make(
      *builtin.model, engine::makeBatches(builtin.data, {}).front().inputs, {});
  REQUIRE(other);
  CHECK(other->folds());
}

TEST_CASE("under one plan values are the same bits whatever workers, tiles and known points",
          "[plan]") {
  const auto checkAll = [](const engine::Experiment& experiment, ExecutionPlan plan) {
    const auto plane = planeOf(experiment);
    const auto whole = sampledBy(experiment, plane, plan);
    plan.workers = 3;
    const auto again = sampledBy(experiment, plane, plan);
    CHECK(equalBits(again.loss, whole.loss));
    CHECK(equalBits(again.accuracy, whole.accuracy));
    plan.tilePoints = 5;
    CHECK(equalBits(sampledBy(experiment, plane, plan).loss, whole.loss));
    std::vector<std::uint8_t> known(35, 0);
    for (std::size_t i = 0; i < known.size(); i += 3) {
      known[i] = 1;
    }
    const auto rest = sampledBy(experiment, plane, plan, known);
    for (std::size_t i = 0; i < known.size(); ++i) {
      CHECK(rest.loss[i] == (known[i] == 1 ? -1 : whole.loss[i]));
    }
  };
  SECTION("of a graph") {
    checkAll(scripted(), {1, {16, true}, 4, true});
  }
  SECTION("of a graph with Winograd's filtering") {
    checkAll(scripted(), {1, {16, true}, 4, true, false, 1, true});
  }
  SECTION("of several points a call") {
    checkAll(perceptron(), {1, {0, false}, 8, true, true, 4});
  }
}

TEST_CASE("a measured plan gives the reference's surface, and can be written and read", "[plan]") {
  const auto experiment = perceptron();
  const auto plane = planeOf(experiment);
  const engine::Slice slice(experiment.model->parameters().flat(), plane);
  const auto plan = engine::measurePlan(experiment, slice, 8).plan;
  CHECK(engine::planFromJson(engine::toJson(plan)) == plan);
  requireAgreement(sampledBy(experiment, plane, plan),
                   sampledBy(experiment, plane, engine::plainPlan(experiment, 8)));
}

TEST_CASE("a plan that the model cannot follow is refused", "[plan]") {
  const auto experiment = scripted();  // no linear layer of the data
  const engine::Slice slice(experiment.model->parameters().flat(), planeOf(experiment));
  const ExecutionPlan plan{1, {16, false}, 4, true, true};
  const auto work = [&] {
    const auto made = engine::makeWork(experiment, slice, plan);
    const engine::PointEvaluator evaluator(made);
  };
  CHECK(test::contains(test::complaint(work), "does not fit this model"));
  auto written = engine::toJson(plan);
  written["path"] = "model";
  REQUIRE_THROWS_AS(engine::planFromJson(written), Error);
}

TEST_CASE("along the Hessian's axes a quadratic loss is ½λc², and the grid's curvature is λ",
          "[plan]") {
  // ½ (θ − t)ᵀA(θ − t) as least squares on the rows of √(n/2)·A^{1/2}, A with known eigenvalues.
  const auto lambda = torch::tensor({7., 3., 1., .25, .0625}, at::kDouble);
  const auto a = test::rotated(lambda, 21);
  const auto root = test::rotated(lambda.sqrt(), 21) * std::sqrt(5. / 2);
  const auto theta = engine::gaussianVector(5, 22);
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.theta).unsqueeze(1)\n",
                        {{"theta", theta}}),
      root, root.mv(theta).unsqueeze(1), Loss::mse);
  auto hessian = engine::makeHessian(experiment, {});
  engine::LanczosOptions options;
  options.top = 1;
  options.bottom = 1;
  options.tolerance = 1e-12;
  const auto pairs = engine::eigenpairs(hessian, experiment, options);
  CHECK_THAT(pairs.values[0], WithinRel(7, 1e-12));
  CHECK_THAT(pairs.values[1], WithinRel(.0625, 1e-10));
  for (const ExecutionPlan& plan :
       {engine::plainPlan(experiment, 4), ExecutionPlan{2, {2, false}, 4, true, false, 3}}) {
    const auto surface = sampledBy(experiment, {pairs.vectors[0], pairs.vectors[1]}, plan).loss;
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t j = 0; j < 7; ++j) {
        const double x = planCoordinates[0][i];
        const double y = planCoordinates[1][j];
        CHECK_THAT(surface[7 * i + j], WithinAbs(.5 * (7 * x * x + .0625 * y * y), 1e-12));
      }
    }
    // Second differences about the centre, whose steps are ½ and 1.
    const double along = (surface[7 * 3 + 2] - 2 * surface[7 * 2 + 2] + surface[7 * 1 + 2]) / .25;
    const double across = surface[7 * 2 + 3] - 2 * surface[7 * 2 + 2] + surface[7 * 2 + 1];
    CHECK_THAT(along, WithinRel(pairs.values[0], 1e-11));
    CHECK_THAT(across, WithinAbs(pairs.values[1], 1e-12));
  }
}
