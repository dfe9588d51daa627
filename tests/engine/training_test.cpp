#include <algorithm>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "engine/data/evaluate.h"
#include "engine/data/experiment.h"
#include "engine/model/builtin.h"
#include "engine/training/batch_order.h"
#include "engine/training/trainer.h"
#include "topology/base/error.h"
#include "torch_catch.h"
#include "training_support.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::clouds;
using tarn::test::Recorder;
using tarn::test::settingsFor;

namespace {

/// Least squares ½·mean of (xᵀw − y)² has the Hessian XᵀX/N: ours is mse, so twice that.
struct LeastSquares {
  Dataset data;
  at::Tensor hessian;
  at::Tensor minimum;
};

LeastSquares leastSquares() {
  torch::manual_seed(5);
  LeastSquares problem;
  // A column of ones stands for the bias, so that θ = (w, b) is one linear model.
  const at::Tensor x = torch::randn({40, 3}, torch::kDouble);
  const at::Tensor design = torch::cat({x, torch::ones({40, 1}, torch::kDouble)}, 1);
  const at::Tensor y = torch::randn({40, 1}, torch::kDouble);
  problem.data.inputs = x;
  problem.data.targets = y;
  problem.hessian = 2 * design.t().matmul(design) / 40;
  problem.minimum = torch::linalg_solve(design.t().matmul(design), design.t().matmul(y)).flatten();
  return problem;
}

}  // namespace

TEST_CASE("full-batch SGD on least squares contracts each eigendirection by 1 - ηλ", "[training]") {
  // c_i(t) = (1 − ηλ_i)^t c_i(0) in the eigenbasis of the Hessian, about the solution of the
  // normal equations.
  const LeastSquares problem = leastSquares();
  const auto [lambda, vectors] = torch::linalg_eigh(problem.hessian);
  const auto model = makeBuiltin("mlp:3-1,dtype=f64@init:2");
  TrainSettings settings = settingsFor("sgd:lr=0.1", 25, 40);
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 1};
  Recorder recorder;
  train(*model, problem.data, Loss::mse, settings, recorder);
  REQUIRE(recorder.snapshots.size() == 26);
  const auto coordinates = [&, vectors = vectors](const TrainSnapshot& snapshot) {
    return vectors.t().mv(snapshot.parameters - problem.minimum);
  };
  const at::Tensor first = coordinates(recorder.snapshots.front());
  for (const TrainSnapshot& snapshot : recorder.snapshots) {
    const at::Tensor expected = (1 - 0.1 * lambda).pow(snapshot.step) * first;
    CHECK(torch::allclose(coordinates(snapshot), expected, 1e-9, 1e-12));
  }
}

TEST_CASE("a small MLP learns two separated clouds", "[training]") {
  const Dataset data = clouds(200);
  for (const std::string optimizer : {"sgd:lr=0.1,momentum=0.9", "adamw:lr=0.01"}) {
    INFO(optimizer);
    const auto model = makeBuiltin("mlp:2-8-2@init:1");
    Recorder recorder;
    const TrainOutcome outcome =
        train(*model, data, Loss::crossEntropy, settingsFor(optimizer, 10, 20), recorder);
    CHECK_FALSE(outcome.divergedAt);
    CHECK(outcome.steps == 100);
    CHECK(outcome.loss < recorder.snapshots.front().loss.value() / 2);
    CHECK(outcome.accuracy.value() == 1);
    // The last snapshot is the model as it was left, measured once more from outside.
    const Evaluation again =
        evaluate(*model, makeBatches(data, referencePlan()), Loss::crossEntropy);
    CHECK(recorder.snapshots.back().step == 100);
    CHECK(recorder.snapshots.back().loss == again.loss);
    CHECK(torch::equal(recorder.snapshots.back().parameters, model->parameters().flat()));
  }
}

TEST_CASE("metrics say what happened in each step", "[training]") {
  // One batch an epoch: loss and gradient are those of the snapshot before, the step is lr·g.
  const Dataset data = clouds(30, at::kDouble);
  const auto model = makeBuiltin("mlp:2-4-2,dtype=f64@init:1");
  TrainSettings settings = settingsFor("sgd:lr=0.2", 8, 30);
  settings.schedule = scheduleFromJson("cosine:warmup=2");
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 1, SnapshotPlan::Losses::all};
  Recorder recorder;
  train(*model, data, Loss::crossEntropy, settings, recorder);
  REQUIRE(recorder.metrics.size() == 8);
  REQUIRE(recorder.snapshots.size() == 9);
  for (std::size_t i = 0; i < 8; ++i) {
    const TrainMetric& metric = recorder.metrics[i];
    const TrainSnapshot& before = recorder.snapshots[i];
    const TrainSnapshot& after = recorder.snapshots[i + 1];
    CHECK(metric.step == after.step);
    CHECK(metric.epoch == static_cast<double>(metric.step));
    CHECK(std::abs(metric.loss - before.loss.value()) < 1e-12);
    CHECK(metric.accuracy == before.accuracy);
    CHECK(metric.rate == 0.2 * rateFactor(settings.schedule, before.step, 8, 1));
    const double moved = (after.parameters - before.parameters).norm().item<double>();
    CHECK(std::abs(metric.stepNorm.value() - moved) < 1e-14);
    CHECK(std::abs(metric.stepNorm.value() - metric.rate * metric.gradientNorm) < 1e-12);
  }
}

TEST_CASE("a snapshot's loss is exact where it was measured, and none where it was not",
          "[training]") {
  // 11 epochs of 5 steps: with five epochs or more between two losses, two intervals of 27.5 steps.
  const Dataset data = clouds(100);
  TrainSettings settings = settingsFor("adamw:lr=0.01", 11, 20);
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 1};
  Recorder recorder;
  train(*makeBuiltin("mlp:2-8-2@init:1"), data, Loss::crossEntropy, settings, recorder);
  std::vector<std::int64_t> measured;
  const auto there = makeBuiltin("mlp:2-8-2@init:1");
  for (const TrainSnapshot& snapshot : recorder.snapshots) {
    CHECK(snapshot.loss.has_value() == snapshot.accuracy.has_value());
    if (snapshot.loss) {
      measured.push_back(snapshot.step);
      there->parameters().set(snapshot.parameters);
      CHECK(*snapshot.loss ==
            evaluate(*there, makeBatches(data, referencePlan()), Loss::crossEntropy).loss);
    }
  }
  CHECK(measured == std::vector<std::int64_t>{0, 28, 55});
}

TEST_CASE("metrics are at most as many as asked for", "[training]") {
  const Dataset data = clouds(100);
  const auto model = makeBuiltin("mlp:2-4-2@init:1");
  TrainSettings settings = settingsFor("sgd:lr=0.1", 10, 10);
  settings.metrics = 7;
  Recorder recorder;
  train(*model, data, Loss::crossEntropy, settings, recorder);
  CHECK(recorder.metrics.size() <= 7);
  CHECK(recorder.metrics.back().step == 100);
}

TEST_CASE("clipping bounds the gradient that moves θ", "[training]") {
  const Dataset data = clouds(40, at::kDouble);
  const auto model = makeBuiltin("mlp:2-4-2,dtype=f64@init:1");
  TrainSettings settings = settingsFor("sgd:lr=1", 1, 10);
  settings.clip = 0.01;
  Recorder recorder;
  train(*model, data, Loss::crossEntropy, settings, recorder);
  for (const TrainMetric& metric : recorder.metrics) {
    CHECK(metric.gradientNorm > 0.01);
    CHECK(std::abs(metric.stepNorm.value() - 0.01) < 1e-12);
  }
}

TEST_CASE("runs with one seed see the same batches, whatever their optimizer", "[training]") {
  // A learning rate of 0 leaves θ alone, so that the batch losses tell the batches apart.
  const Dataset data = clouds(64);
  const auto losses = [&](const std::string& optimizer, std::uint64_t seed) {
    TrainSettings settings = settingsFor(optimizer, 3, 8);
    settings.orderSeed = seed;
    Recorder recorder;
    train(*makeBuiltin("mlp:2-4-2@init:1"), data, Loss::crossEntropy, settings, recorder);
    std::vector<double> found;
    for (const TrainMetric& metric : recorder.metrics) {
      found.push_back(metric.loss);
    }
    return found;
  };
  const auto reference = losses("sgd:lr=0", 3);
  CHECK(reference.size() == 24);
  CHECK(losses("adamw:lr=0", 3) == reference);
  CHECK(losses("sgd:lr=0,momentum=0.9", 3) == reference);
  CHECK(losses("sgd:lr=0", 4) != reference);
}

TEST_CASE("a run that diverges ends at that step and keeps its good snapshots", "[training]") {
  const LeastSquares problem = leastSquares();
  const auto model = makeBuiltin("mlp:3-1,dtype=f64@init:2");
  const auto losses = GENERATE(SnapshotPlan::Losses::spaced, SnapshotPlan::Losses::all);
  // Far beyond 2/λ_max every step multiplies the error by more than 10⁶: 10³⁰⁸ is soon passed.
  TrainSettings settings = settingsFor("sgd:lr=1e6", 500, 40);
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 5, losses};
  Recorder recorder;
  const TrainOutcome outcome = train(*model, problem.data, Loss::mse, settings, recorder);
  REQUIRE(outcome.divergedAt);
  CHECK(*outcome.divergedAt < 60);
  CHECK(outcome.steps == *outcome.divergedAt);
  REQUIRE_FALSE(recorder.snapshots.empty());
  CHECK(outcome.lastSnapshot == recorder.snapshots.back().step);
  CHECK(*outcome.divergedAt - outcome.lastSnapshot <= 5);
  for (const TrainSnapshot& snapshot : recorder.snapshots) {
    CHECK(std::isfinite(snapshot.loss.value_or(0)));
    CHECK(snapshot.parameters.isfinite().all().item<bool>());
  }
}

TEST_CASE("a loss that is NaN from the start is an error, not a run", "[training]") {
  Dataset data = clouds(20);
  data.inputs[0][3][0] = NAN;
  Recorder recorder;
  try {
    train(*makeBuiltin("mlp:2-2"), data, Loss::crossEntropy, settingsFor("sgd", 1, 5), recorder);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::numerical);
  }
  CHECK(recorder.snapshots.empty());
}

TEST_CASE("run settings outside their range are refused by name", "[training]") {
  for (const nlohmann::json& bad :
       {nlohmann::json{{"epochs", 0}}, nlohmann::json{{"batch_size", -3}},
        nlohmann::json{{"clip", "x"}}, nlohmann::json{{"order_seed", 1.5}},
        nlohmann::json{{"schedule", {{"kind", "linear"}}}},
        nlohmann::json{{"snapshots", {{"mode", "even"}, {"size", 3}}}}}) {
    nlohmann::json request = bad;
    request["optimizer"] = "sgd";
    INFO(request.dump());
    CHECK_THROWS_AS(trainSettingsFromJson(request), Error);
  }
  CHECK_THROWS_AS(trainSettingsFromJson(nlohmann::json::object()), Error);
  const TrainSettings settings = trainSettingsFromJson(
      {{"optimizer", "adamw:lr=0.1"}, {"epochs", 3}, {"order_seed", 9}, {"clip", nullptr}});
  CHECK(settings.epochs == 3);
  CHECK(settings.orderSeed == 9);
  CHECK(settings.clip == 0);
}

TEST_CASE("so many snapshots that they would fill the memory are refused", "[training]") {
  const SnapshotPlan plan{SnapshotPlan::Mode::steps, 100, 1};
  CHECK_THROWS_AS(snapshotSteps(plan, 1'000'000'000'000, 10), Error);
}
