// What is sampled at a point beside the loss, and BatchNorm's statistics there.

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/random_vector.h"
#include "engine/data/class_scores.h"
#include "engine/landscape/point_evaluator.h"
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

/// The outputs are the inputs plus w.
engine::Experiment outputsMoved(const at::Tensor& inputs, const at::Tensor& targets,
                                const Loss& loss) {
  return test::experimentOf(test::scriptModel("def forward(self, x):\n  return x + self.w\n",
                                              {{"w", at::zeros({inputs.size(1)}, at::kDouble)}}),
                            inputs, targets, loss);
}

engine::PointValues valuesAt(const engine::Experiment& experiment,
                             const std::vector<at::Tensor>& directions,
                             const std::vector<double>& point, const engine::PointWishes& wishes,
                             const ExecutionPlan& plan) {
  const engine::Slice slice(experiment.model->parameters().flat(), directions);
  const auto work = engine::makeWork(experiment, slice, plan, wishes);
  engine::PointEvaluator evaluator(work);
  return evaluator.evaluate(std::vector<std::vector<double>>{point}).front();
}

const std::vector<ExecutionPlan> bothPaths{{1, {0, false}, 16}, {1, {7, false}, 16, true}};

}  // namespace

TEST_CASE("the standard error is that of a mean: the samples' spread over the root of their number",
          "[quantity]") {
  const auto inputs = engine::gaussianVector(40, 1).view({40, 1});
  const auto experiment = outputsMoved(inputs, at::zeros({40, 1}, at::kDouble), Loss::mse);
  const auto direction = at::ones({1}, at::kDouble);
  const auto losses = (inputs + .3).square().flatten();
  for (const auto& plan : bothPaths) {
    const auto found = valuesAt(experiment, {direction}, {.3}, {}, plan).loss;
    CHECK_THAT(found.loss, WithinRel(losses.mean().item<double>(), 1e-14));
    CHECK_THAT(
        found.standardError,
        WithinRel(losses.std(0, /*unbiased=*/true, false).item<double>() / std::sqrt(40.), 1e-12));
  }
  const auto one = outputsMoved(inputs.narrow(0, 0, 1), at::zeros({1, 1}, at::kDouble), Loss::mse);
  CHECK(std::isnan(valuesAt(one, {direction}, {0}, {}, bothPaths[0]).loss.standardError));
}

TEST_CASE("a model's own loss has its error from its batches", "[quantity]") {
  // Batches of 3, 3 and 2 samples with the losses 1, 2 and 6: their mean weighted by size is 21/8.
  engine::Tally tally(Loss::model);
  tally.add(3 * 1., 3);
  tally.add(3 * 2., 3);
  tally.add(2 * 6., 2);
  const auto found = tally.result();
  const double mean = 21. / 8;
  const double spread =
      3 * std::pow(1 - mean, 2) + 3 * std::pow(2 - mean, 2) + 2 * std::pow(6 - mean, 2);
  CHECK_THAT(found.loss, WithinRel(mean, 1e-15));
  CHECK_THAT(found.standardError, WithinRel(std::sqrt(spread / 2 / 8), 1e-14));
}

TEST_CASE("the loss of each class is the mean over its samples", "[quantity]") {
  const auto inputs = engine::gaussianVector(60, 2).view({20, 3});
  const auto targets = at::arange(20, at::kLong).remainder(2);  // class 2 has no sample
  const auto experiment = outputsMoved(inputs, targets, Loss::crossEntropy);
  const auto losses = at::cross_entropy_loss(inputs, targets, {}, at::Reduction::None);
  const auto direction = at::ones({3}, at::kDouble);  // leaves the loss as it is
  for (const auto& plan : bothPaths) {
    const auto found = valuesAt(experiment, {direction}, {.7}, {true, false}, plan).loss;
    REQUIRE(found.classLoss.size() == 3);
    for (std::int64_t c = 0; c < 2; ++c) {
      CHECK_THAT(found.classLoss[static_cast<std::size_t>(c)],
                 WithinRel(losses.masked_select(targets.eq(c)).mean().item<double>(), 1e-12));
    }
    CHECK(std::isnan(found.classLoss[2]));
    CHECK_THAT(*found.accuracy,
               WithinAbs(inputs.argmax(1).eq(targets).to(at::kDouble).mean().item<double>(), 0));
  }
}

TEST_CASE("quick scores are those of the operators, also where outputs are extreme", "[quantity]") {
  const auto targets = at::arange(30, at::kLong).remainder(5);
  for (const auto type : {at::kFloat, at::kDouble}) {
    for (const double scale : {1., 1e4}) {
      const auto outputs = (engine::gaussianVector(150, 3).view({30, 5}) * scale).to(type);
      const auto quick = engine::quickScores(outputs, targets);
      const auto plain = engine::lossPerSample(Loss::crossEntropy, outputs, targets);
      CHECK(at::allclose(quick.losses, plain, 1e-14, 1e-11));
      CHECK(at::equal(quick.right, engine::rightPerSample(outputs, targets)));
    }
  }
  // Alone a sample is computed by the C library's functions, beside others several at a time.
  const auto outputs = engine::gaussianVector(std::int64_t{4} * 700, 5).view({4, 700}) * 20;
  const auto labels = torch::tensor({0, 699, 350, 1}, at::kLong);
  const auto together = engine::quickScores(outputs, labels).losses;
  for (std::int64_t i = 0; i < 4; ++i) {
    const auto alone = engine::quickScores(outputs.narrow(0, i, 1), labels.narrow(0, i, 1)).losses;
    CHECK_THAT(together[i].item<double>(), WithinRel(alone.item<double>(), 1e-15));
  }
  // ln(1 + 2e⁻²⁰ + 2e⁻⁸⁰⁰) by the series of the logarithm, but for the rounding of the sum.
  const auto sure = torch::tensor({0., -20., -20., -800., -800.}, at::kDouble).repeat({4, 1});
  const double little = 2 * std::exp(-20);
  CHECK_THAT(engine::quickScores(sure, at::zeros({4}, at::kLong)).losses[2].item<double>(),
             WithinAbs(little - little * little / 2, 3e-16));
  auto broken = engine::gaussianVector(150, 3).view({30, 5});
  broken[0][1] = std::nan("");
  broken[1][2] = std::numeric_limits<double>::infinity();
  const auto quick = engine::quickScores(broken, targets).losses;
  const auto plain = engine::lossPerSample(Loss::crossEntropy, broken, targets);
  CHECK(at::allclose(quick, plain, 1e-14, 1e-12, /*equal_nan=*/true));
}

TEST_CASE("quick scores of sequences are means over the positions that count", "[quantity]") {
  const auto outputs = engine::gaussianVector(std::int64_t{3} * 7 * 5, 3).view({3, 7, 5});
  auto targets = at::arange(21, at::kLong).remainder(5).view({3, 7});
  const auto expectSame = [&] {
    for (const auto type : {at::kFloat, at::kDouble}) {
      const auto quick = engine::quickScores(outputs.to(type), targets);
      const auto plain = engine::lossPerSample(Loss::crossEntropy, outputs.to(type), targets);
      CHECK(at::allclose(quick.losses, plain, 1e-14, 1e-14));
      CHECK(at::equal(quick.right, engine::rightPerSample(outputs, targets)));
    }
  };
  expectSame();
  targets.slice(1, 4).fill_(engine::ignoredLabel);
  targets[1][0] = engine::ignoredLabel;
  expectSame();
  // By hand: the second sample has the positions 1, 2 and 3.
  const auto z = outputs[1].slice(0, 1, 4);
  const auto byHand = at::nll_loss(at::log_softmax(z, 1), targets[1].slice(0, 1, 4));
  CHECK_THAT(engine::quickScores(outputs, targets).losses[1].item<double>(),
             WithinRel(byHand.item<double>(), 1e-14));
  const auto right = z.argmax(1).eq(targets[1].slice(0, 1, 4)).to(at::kDouble).mean();
  CHECK_THAT(engine::quickScores(outputs, targets).right[1].item<double>(),
             WithinRel(right.item<double>(), 1e-14));
  // What stands where nothing counts, does not.
  const auto broken = outputs.clone();
  broken[1][0] = std::nan("");
  CHECK(at::equal(engine::quickScores(broken, targets).losses,
                  engine::quickScores(outputs, targets).losses));
  // One label a sample may stand in a column.
  const auto rows = outputs[0];
  const auto column = at::arange(7, at::kLong).remainder(5).unsqueeze(1);
  CHECK(at::equal(engine::quickScores(rows, column).losses,
                  engine::quickScores(rows, column.squeeze(1)).losses));
}

TEST_CASE("the gradient's norm in the plane is that of its projection on it", "[quantity]") {
  // ½ Σ λᵢθᵢ² with λ = (2, 4, 6): its gradient is (2θ₁, 4θ₂, 6θ₃).
  const auto lambda = torch::tensor({2., 4., 6.}, at::kDouble);
  const auto theta = torch::tensor({1., -1., .5}, at::kDouble);
  const auto inputs = at::diag((lambda * 3. / 2).sqrt());
  const auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.theta).unsqueeze(1)\n",
                        {{"theta", theta}}),
      inputs, at::zeros({3, 1}, at::kDouble), Loss::mse);
  // Two vectors that are neither orthogonal nor of length 1, but span the plane of axes 1 and 2.
  const std::vector<at::Tensor> plane{torch::tensor({2., 0., 0.}, at::kDouble),
                                      torch::tensor({1., 1., 0.}, at::kDouble)};
  for (const auto& plan : bothPaths) {
    // θ there is (1 + 2·.5 + .25, −1 + .25, .5).
    const auto found = valuesAt(experiment, plane, {.5, .25}, {false, true}, plan);
    CHECK_THAT(*found.gradientNorm, WithinRel(std::hypot(2 * 2.25, 4 * -.75), 1e-12));
  }
}

TEST_CASE("recalibrated statistics are the data's at the point's own weights", "[batchnorm]") {
  auto experiment = test::experimentOf(
      engine::makeBuiltin("convnet:2x6x6-5-3,bn=on,dtype=f64@init:1"),
      engine::gaussianVector(std::int64_t{40} * 2 * 36, 4).view({40, 2, 6, 6}) + 1,
      at::arange(40, at::kLong).remainder(3), Loss::crossEntropy);
  const auto direction = engine::gaussianVector(experiment.model->parameters().size(), 5);
  const engine::Slice slice(experiment.model->parameters().flat(), {direction});
  const auto model = experiment.model->clone();
  const auto batches = GENERATE(std::int64_t{0}, std::int64_t{20});
  const engine::Statistics statistics(engine::BatchNormPolicy::recalibrate, *model,
                                      engine::makeBatches(experiment.data, {batches, false}), {});
  slice.place(*model, std::vector<double>{.4});
  statistics.place(*model, std::vector<double>{.4}, {});
  const auto& space = model->parameters();
  const auto weight = space.view(space.flat(), space.groups()[0]);
  const auto seen = at::conv2d(experiment.data.inputs[0], weight, {}, 1, 1);
  const auto mean = seen.mean(at::IntArrayRef{0, 2, 3});
  const auto found = model->namedBuffers();
  CHECK(at::allclose(found[0].second, mean, 1e-10, 1e-12));
  // The mean variance within batches and that of their means: all of it, but for the correction of
  // an unbiased variance, n/(n − 1) with n = 1,440 or 720 values a channel.
  const auto variance = seen.var(at::IntArrayRef{0, 2, 3}, /*unbiased=*/false);
  const double n = batches == 0 ? 1440 : 720;
  CHECK(at::allclose(found[1].second, variance, 1.1 / n, 0));
  if (batches == 0) {
    CHECK(at::allclose(found[1].second, variance * (n / (n - 1)), 1e-10, 0));
  }
}

TEST_CASE("a landscape with recalibrated statistics is that of networks evaluated so",
          "[batchnorm]") {
  auto experiment = test::experimentOf(
      engine::makeBuiltin("convnet:2x6x6-5-3,bn=on,dtype=f64@init:1"),
      engine::gaussianVector(std::int64_t{40} * 2 * 36, 4).view({40, 2, 6, 6}) + 1,
      at::arange(40, at::kLong).remainder(3), Loss::crossEntropy);
  experiment.batchNorm = "recalibrate";
  const auto direction = engine::gaussianVector(experiment.model->parameters().size(), 5);
  const auto model = experiment.model->clone();
  model->parameters().set(experiment.model->parameters().flat() + .4 * direction);
  const engine::Statistics statistics(engine::BatchNormPolicy::recalibrate, *model,
                                      engine::makeBatches(experiment.data, {}), {});
  statistics.place(*model, std::vector<double>{}, {});
  const auto expected =
      engine::evaluate(*model, engine::makeBatches(experiment.data, {}), experiment.loss).loss;
  for (const auto& plan :
       {ExecutionPlan{1, {0, false}, 16}, ExecutionPlan{1, {16, true}, 16, true}}) {
    // Twice, because one point's statistics must not be left for the next.
    CHECK_THAT(valuesAt(experiment, {direction}, {.4}, {}, plan).loss.loss,
               WithinRel(expected, 1e-10));
  }
}

TEST_CASE("interpolated statistics lie on the way between two checkpoints", "[batchnorm]") {
  const auto model = engine::makeBuiltin("convnet:2x6x6-5-3,bn=on,dtype=f64@init:1");
  auto end = model->buffers();
  end.narrow(0, 0, 5).fill_(3);   // means: from 0 to 3
  end.narrow(0, 5, 5).fill_(.5);  // variances: from 1 to ½
  end[10] = 100;                  // the counter stays
  const engine::Statistics statistics(engine::BatchNormPolicy::interpolate, *model, {},
                                      {at::Tensor(), end});
  statistics.place(*model, std::vector<double>{9, .5}, {});
  auto found = model->buffers();
  CHECK(at::allclose(found.narrow(0, 0, 5), at::full({5}, 1.5, at::kDouble)));
  CHECK(at::allclose(found.narrow(0, 5, 5), at::full({5}, .75, at::kDouble)));
  CHECK(found[10].item<double>() == 0);
  statistics.place(*model, std::vector<double>{0, 3}, {});
  CHECK(model->buffers().narrow(0, 5, 5).abs().max().item<double>() == 0);  // not −½
  const auto nothing = [&] {
    const engine::Statistics none(engine::BatchNormPolicy::interpolate, *model, {},
                                  {at::Tensor(), at::Tensor()});
  };
  CHECK(test::contains(test::complaint(nothing), "between"));
}
