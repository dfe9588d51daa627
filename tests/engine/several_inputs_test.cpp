// Models of several inputs, of tokens and masks, and those that return their own loss.

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/curvature/hessian.h"
#include "engine/curvature/random_vector.h"
#include "engine/data/batch_loss.h"
#include "engine/landscape/plan_search.h"
#include "engine/landscape/sampler.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::Loss;

namespace {

/// Its loss is mean((du/dx − t)²) with u = w·x², so mean((2wx − t)²); its second derivative in w is
/// 8·mean(x²).
const std::string slopeLoss =
    "def forward(self, x, t):\n"
    "  x.requires_grad_(True)\n"
    "  u = self.w * x * x\n"
    "  slopes = torch.autograd.grad([u.sum()], [x], create_graph=True)\n"
    "  slope = slopes[0]\n"
    "  assert slope is not None\n"
    "  return ((slope - t) ** 2).mean()\n";

engine::Experiment slopes() {
  engine::Experiment experiment;
  experiment.model = test::scriptModel(slopeLoss, {{"w", at::full({1}, 0.5, at::kDouble)}});
  experiment.data = {engine::gaussianVector(50, 1), engine::gaussianVector(50, 2), ""};
  experiment.loss = Loss::model;
  return experiment;
}

/// Remembers whether gradients were on.
class Watching : public engine::Model {
 public:
  explicit Watching(bool differentiates)
      : Model({{"w", at::ones({1}, at::kDouble)}}, {}, ""), differentiates_(differentiates) {}
  at::Tensor forward(const engine::Inputs& inputs) override {
    sawGradients.push_back(at::GradMode::is_enabled());
    return (parameters().leaves()[0] * inputs[0]).mean();
  }
  bool differentiates() const override { return differentiates_; }
  std::unique_ptr<Model> clone() const override {
    return std::make_unique<Watching>(differentiates_);
  }

  std::vector<bool> sawGradients;

 private:
  bool differentiates_;
};

}  // namespace

TEST_CASE("a loss that differentiates inside forward has its value and its curvature", "[own]") {
  auto experiment = slopes();
  const auto& x = experiment.data.inputs[0];
  const auto expected = (x - experiment.data.targets).square().mean().item<double>();
  CHECK_THAT(engine::referenceEvaluation(experiment).loss, WithinRel(expected, 1e-13));
  auto hessian = test::hessianOf(experiment);
  CHECK_THAT(hessian.product(at::ones({1}, at::kDouble)).item<double>(),
             WithinRel(8 * x.square().mean().item<double>(), 1e-12));
  // The model asked its inputs for gradients; the data does not know.
  CHECK_FALSE(x.requires_grad());
}

TEST_CASE("gradients are on for the own loss of a model that may differentiate inside forward",
          "[own]") {
  auto experiment = slopes();
  for (const bool differentiates : {true, false}) {
    auto model = std::make_unique<Watching>(differentiates);
    const auto& sawGradients = model->sawGradients;
    experiment.model = std::move(model);
    engine::referenceEvaluation(experiment);
    CHECK(sawGradients == std::vector<bool>{differentiates});
  }
  const at::AutoGradMode on(true);
  Watching model(false);
  const auto batch = engine::makeBatches(experiment.data, {}).front();
  CHECK(engine::ownBatchLoss(model, batch).requires_grad());
}

TEST_CASE("a landscape of a model's own loss is its parabola, whatever the workers", "[own]") {
  const auto experiment = slopes();
  const engine::Slice line(experiment.model->parameters().flat(), {at::ones({1}, at::kDouble)});
  const std::vector<std::vector<double>> coordinates{{-1, -0.5, 0, 0.5, 1}};
  engine::ExecutionPlan plan = engine::measurePlan(experiment, line, 2).plan;
  CHECK(plan.batches == engine::referencePlan());
  plan.workers = 2;
  const TileOrder order({5}, 2);
  std::vector<std::uint64_t> tiles(order.tiles());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    tiles[i] = i;
  }
  std::mutex mutex;
  std::size_t points = 0;
  engine::SamplingObserver observer;
  observer.onTile = [&](const engine::TileValues& tile) {
    const std::lock_guard lock(mutex);
    std::size_t i = 0;
    for (const auto vertex : order.tile(tile.index)) {
      const double w = 0.5 + coordinates[0][vertex];
      const auto expected =
          (2 * w * experiment.data.inputs[0] - experiment.data.targets).square().mean();
      CHECK_THAT(tile.loss[i++], WithinRel(expected.item<double>(), 1e-12));
      ++points;
    }
  };
  engine::sampleTiles(engine::makeWork(experiment, line, plan), coordinates, order, tiles,
                      observer);
  CHECK(points == 5);
}

TEST_CASE("a model's own loss has to be one number", "[own]") {
  auto experiment = slopes();
  experiment.model = test::scriptModel("def forward(self, x, t):\n  return self.w * x - t\n",
                                       {{"w", at::ones({1}, at::kDouble)}});
  CHECK(test::contains(test::complaint([&] { engine::referenceEvaluation(experiment); }),
                       "one number"));
}

TEST_CASE("tokens, masks and values reach a model in order and as what they are", "[own]") {
  const test::TemporaryFolder folder;
  const auto path = (folder / "data.npz").string();
  NdArray mask{DType::boolean, {3, 2}, {}};
  for (const int value : {1, 0, 1, 1, 0, 1}) {
    mask.bytes.push_back(static_cast<std::byte>(value));
  }
  writeNpz(
      path,
      {{"inputs.0",
        NdArray::fromInt64({3, 2},
                           std::vector<std::int64_t>{0, 1, 2, 1, (std::int64_t{1} << 60) + 1, 0})},
       {"inputs.1", mask},
       {"inputs.2", NdArray::fromDoubles({3}, std::vector<double>{.5, 1, 2})},
       {"targets", NdArray::fromInt64({3, 2}, std::vector<std::int64_t>{0, 1, 1, -100, 0, 1})}});
  const auto data = engine::openDataset({{"path", path}}, Loss::crossEntropy, at::kFloat);
  REQUIRE(data.inputs.size() == 3);
  CHECK(data.inputs[0].scalar_type() == at::kLong);
  CHECK(data.inputs[0][2][0].item<std::int64_t>() == (std::int64_t{1} << 60) + 1);
  CHECK(data.inputs[1].scalar_type() == at::kBool);
  CHECK_FALSE(data.inputs[1][0][1].item<bool>());
  CHECK(data.inputs[2].scalar_type() == at::kFloat);
  CHECK(data.targets.sizes() == at::IntArrayRef({3, 2}));

  // Every batch has its part of each.
  const auto model = test::scriptModel(
      "def forward(self, a, b, c):\n"
      "  z = b.float().unsqueeze(2) * self.w\n"
      "  return z + (a % 3).unsqueeze(2) + c.unsqueeze(1).unsqueeze(2)\n",
      {{"w", torch::tensor({1.F, -1.F})}});
  const auto whole = engine::evaluate(*model, engine::makeBatches(data, {}), Loss::crossEntropy);
  const auto cut =
      engine::evaluate(*model, engine::makeBatches(data, {2, false}), Loss::crossEntropy);
  CHECK_THAT(cut.loss, WithinRel(whole.loss, 1e-7));
  CHECK(cut.accuracy == whole.accuracy);
}

TEST_CASE("inputs that are named twice, or of another count, are refused", "[own]") {
  const test::TemporaryFolder folder;
  const auto path = (folder / "data.npz").string();
  const auto two = NdArray::fromInt64({2}, std::vector<std::int64_t>{0, 1});
  const auto three = NdArray::fromInt64({3}, std::vector<std::int64_t>{0, 1, 0});
  const auto complaint = [&](const Loss& loss) {
    return test::complaint([&] { engine::openDataset({{"path", path}}, loss, at::kFloat); });
  };
  writeNpz(path, {{"inputs", two}, {"inputs.0", two}, {"targets", two}});
  CHECK(test::contains(complaint(Loss::model), "both"));
  writeNpz(path, {{"inputs.0", two}, {"inputs.1", three}, {"targets", two}});
  CHECK(test::contains(complaint(Loss::model), "2 inputs but 3 inputs.1"));
  writeNpz(path, {{"inputs", two}});
  CHECK(test::contains(complaint(Loss::crossEntropy), "no array 'targets'"));
  CHECK(complaint(Loss::model).empty());
  const auto none = NdArray::fromInt64({2, 1}, std::vector<std::int64_t>{1, -100});
  writeNpz(path, {{"inputs", two}, {"targets", none}});
  CHECK(test::contains(complaint(Loss::crossEntropy), "Sample 1 has no target"));
  const auto high = NdArray::fromDoubles({2}, std::vector<double>{0, 1.5});
  writeNpz(path, {{"inputs", two}, {"targets", high}});
  CHECK(test::contains(complaint(Loss::bceLogits), "from 0 to 1"));
}
