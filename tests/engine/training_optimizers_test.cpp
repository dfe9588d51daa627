// Optimizers in training: what they ask of a batch, of a run, and what a stop or a divergence does.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>

#include "engine/curvature/random_vector.h"
#include "engine/data/evaluate.h"
#include "engine/data/experiment.h"
#include "engine/model/builtin.h"
#include "engine/training/trained_batch.h"
#include "engine/training/trainer.h"
#include "support.h"
#include "support/paths.h"
#include "topology/base/error.h"
#include "torch_catch.h"
#include "training_support.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::clouds;
using tarn::test::complaint;
using tarn::test::contains;
using tarn::test::Recorder;
using tarn::test::Saved;
using tarn::test::settingsFor;

namespace {

struct Course {
  std::string optimizer;
  std::string model = "mlp:2-6-6-2@init:1";
  std::int64_t batchSize = 16;
};

const std::vector<Course>& courses() {
  static const std::vector<Course> all = {
      {"adam:lr=0.01,amsgrad=on"},
      {"rmsprop:lr=0.01,centered=on,momentum=0.5"},
      {"adagrad"},
      {"momentum:lr=0.05"},
      {"lbfgs:max_iter=4", "mlp:2-6-6-2@init:1", 90},
      {"lbfgs:max_iter=3,history=2", "mlp:2-6-6-2@init:1", 90},
      {"sven"},
      {"mfac:m=5,momentum=0.5"},
      {"gns-newton"},
      {"gns-newton:matrix=gauss-newton,dense=0"},
      {"soap:precondition_frequency=3"},
      {"shampoo:refresh=3"},
      {"adamw:lr=0.01+sam+average", "convnet:1x1x2-4-2,bn=on@init:1"},
      {"sgd:lr=0.1,momentum=0.9+ghost-cap:radius=0.1+sam:adaptive=on"},
      {"sgd:lr=0.1+spectral-cap:limit=1.2"},
      {"sgd:lr=0.1+temp-balance:fewest=10", "mlp:2-12-12-12-2@init:1"},
  };
  return all;
}

TrainSettings courseSettings(const Course& course) {
  TrainSettings settings = settingsFor(course.optimizer, 4, course.batchSize);
  settings.schedule = scheduleFromJson("cosine:warmup=2");
  settings.snapshots.count = 5;
  return settings;
}

/// A network that drops half of its hidden units, in training and out of it.
std::unique_ptr<Model> dropping() {
  return test::scriptModel(
      "def forward(self, x):\n"
      "  return torch.dropout(torch.tanh(x.mm(self.a)), 0.5, True).mm(self.b)\n",
      {{"a", gaussianVector(16, 1).view({2, 8})}, {"b", gaussianVector(16, 2).view({8, 2})}});
}

Batch cloudBatch(std::int64_t samples, at::ScalarType dtype = at::kDouble) {
  const Dataset data = clouds(samples, dtype);
  return {data.inputs, data.targets};
}

std::string refusal(const std::string& optimizer, const std::string& model, const Loss& loss,
                    const std::function<void(TrainSettings&)>& change = {}) {
  Recorder recorder;
  TrainSettings settings = settingsFor(optimizer, 1, 10);
  if (change) {
    change(settings);
  }
  Dataset data = clouds(30);
  if (!loss.classifies()) {
    data.targets = at::zeros({30, 2});
  }
  const std::string said =
      complaint([&] { train(*makeBuiltin(model), data, loss, settings, recorder); });
  CHECK(recorder.snapshots.empty());
  return said;
}

}  // namespace

TEST_CASE("a run of every optimizer replays from a checkpoint to identical bits", "[training]") {
  const Dataset data = clouds(90);
  for (const Course& course : courses()) {
    INFO(course.optimizer);
    TrainSettings settings = courseSettings(course);
    settings.checkpointEvery = course.batchSize == 90 ? 2 : 7;
    Recorder through;
    const auto uninterrupted = makeBuiltin(course.model);
    const TrainOutcome expected =
        train(*uninterrupted, data, Loss::crossEntropy, settings, through);
    REQUIRE_FALSE(through.checkpoints.empty());
    CHECK_FALSE(expected.divergedAt);
    for (const Saved& saved : through.checkpoints) {
      const auto model = makeBuiltin(course.model);
      Recorder recorder;
      const TrainOutcome outcome =
          train(*model, data, Loss::crossEntropy, settings, recorder, saved.state);
      CHECK(torch::equal(model->parameters().flat(), uninterrupted->parameters().flat()));
      CHECK(torch::equal(model->buffers(), uninterrupted->buffers()));
      CHECK(outcome.loss == expected.loss);
      REQUIRE(recorder.averages.empty() == through.averages.empty());
      if (!through.averages.empty()) {
        CHECK(
            torch::equal(recorder.averages.back().parameters, through.averages.back().parameters));
        CHECK(recorder.averages.back().loss == through.averages.back().loss);
      }
    }
  }
}

TEST_CASE("a step that is stopped while it evaluates has not happened", "[training]") {
  const Dataset data = clouds(60);
  for (const Course& course :
       {Course{"lbfgs:max_iter=4", "mlp:2-6-2@init:1", 60}, Course{"sven", "mlp:2-6-2@init:1", 20},
        Course{"gns-newton", "mlp:2-4-2@init:1", 60},
        Course{"adamw+sam+average", "convnet:1x1x2-4-2,bn=on@init:1", 20}}) {
    TrainSettings settings = settingsFor(course.optimizer, 3, course.batchSize);
    settings.snapshots.count = 3;
    Recorder through;
    int calls = 0;
    through.atStep = [&](std::int64_t) { ++calls; };
    const auto uninterrupted = makeBuiltin(course.model);
    train(*uninterrupted, data, Loss::crossEntropy, settings, through);
    // Far more often than between steps is it asked whether to stop.
    REQUIRE(calls > 15);
    for (int wish = 2; wish <= calls; wish += std::max(1, calls / 25)) {
      INFO(course.optimizer << " stopped at call " << wish << " of " << calls);
      Recorder recorder;
      int seen = 0;
      recorder.atStep = [&](std::int64_t) {
        if (++seen == wish) {
          throw Error(ErrorCode::cancelled, "Stop.");
        }
      };
      const auto stopped = makeBuiltin(course.model);
      CHECK_THROWS_AS(train(*stopped, data, Loss::crossEntropy, settings, recorder), Error);
      recorder.atStep = {};
      const auto model = makeBuiltin(course.model);
      const std::vector<std::byte> state = recorder.checkpoints.empty()
                                               ? std::vector<std::byte>()
                                               : recorder.checkpoints.back().state;
      train(*model, data, Loss::crossEntropy, settings, recorder, state);
      CHECK(torch::equal(model->parameters().flat(), uninterrupted->parameters().flat()));
      CHECK(torch::equal(model->buffers(), uninterrupted->buffers()));
    }
  }
}

TEST_CASE("an optimizer that can't take a run says so before it begins", "[training]") {
  const Loss cross = Loss::crossEntropy;
  const std::string mlp = "mlp:2-4-2@init:1";
  const std::string normed = "convnet:1x1x2-4-2,bn=on@init:1";
  const Loss own = Loss::model;
  CHECK(contains(refusal("sven", normed, cross), "BatchNorm"));
  CHECK(contains(refusal("sven", mlp, own), "loss model"));
  CHECK(contains(refusal("sven:residual=output", mlp, cross), "mse"));
  CHECK(contains(refusal("sven:residual=output", mlp, parseLoss("mse:decay=0.1")), "decay"));
  CHECK(contains(refusal("gns-newton:matrix=gauss-newton", mlp, own), "outputs"));
  CHECK(contains(refusal("adamw+ghost-cap", mlp, Loss::mse), "softmax"));
  CHECK(contains(refusal("lbfgs", mlp, cross), "--batch-size 30"));
  const auto clipping = [](TrainSettings& settings) { settings.clip = 1; };
  CHECK(contains(refusal("sven", mlp, cross, clipping), "clipping"));
  CHECK(contains(refusal("gns-newton+average", mlp, cross, clipping), "clipping"));
  // 22 parameters of 4 bytes: 64 gradients are 5,632 bytes.
  const auto memory = [](std::uint64_t bytes) {
    return [bytes](TrainSettings& settings) { settings.memoryBytes = bytes; };
  };
  CHECK(contains(refusal("mfac:m=64", mlp, cross, memory(5631)), "Make m smaller"));
  CHECK(contains(refusal("mfac:m=64+sam", mlp, cross, memory(5631)), "64 vectors"));
  CHECK(contains(refusal("sven", mlp, cross, memory(100)), "batches smaller"));
  Recorder recorder;
  TrainSettings enough = settingsFor("mfac:m=64", 1, 10);
  enough.memoryBytes = 5632;
  CHECK_NOTHROW(train(*makeBuiltin(mlp), clouds(30), cross, enough, recorder));
}

TEST_CASE("a run whose evaluations diverge ends at a finite θ", "[training]") {
  // Least squares far beyond the largest stable rate, and steps whose second gradient overflows
  // although the first is finite.
  Dataset data = clouds(40, at::kDouble);
  data.targets = data.inputs[0].narrow(1, 0, 1).clone();
  struct Case {
    std::string optimizer;
    bool diverges;
  };
  for (const auto& [optimizer, diverges] :
       {Case{"sgd:lr=1e6+sam", true}, Case{"sgd:lr=0.1+sam:rho=1e300", true},
        Case{"sgd:lr=1e6+average", true}, Case{"sven:lr=1e300", true},
        Case{"lbfgs:lr=1e200,line_search=none", true}, Case{"lbfgs:lr=1e200", false}}) {
    INFO(optimizer);
    const auto model = makeBuiltin("mlp:2-1,dtype=f64@init:2");
    TrainSettings settings = settingsFor(optimizer, 200, 40);
    settings.snapshots = {SnapshotPlan::Mode::steps, 100, 5, SnapshotPlan::Losses::all};
    Recorder recorder;
    const TrainOutcome outcome = train(*model, data, Loss::mse, settings, recorder);
    CHECK(outcome.divergedAt.has_value() == diverges);
    CHECK(model->parameters().flat().isfinite().all().item<bool>());
    CHECK(std::isfinite(outcome.loss));
    for (const TrainSnapshot& snapshot : recorder.snapshots) {
      CHECK(std::isfinite(snapshot.loss.value()));
    }
  }
}

TEST_CASE("the average is reported as a trajectory of its own", "[training]") {
  const Dataset data = clouds(60);
  TrainSettings settings = settingsFor("sgd:lr=0.1+average", 3, 20);
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 1, SnapshotPlan::Losses::all};
  Recorder recorder;
  const auto model = makeBuiltin("mlp:2-4-2@init:1");
  train(*model, data, Loss::crossEntropy, settings, recorder);
  REQUIRE(recorder.snapshots.size() == 10);
  REQUIRE(recorder.averages.size() == 9);  // none before the first step
  at::Tensor sum = at::zeros({model->parameters().size()}, at::kDouble);
  for (std::size_t t = 1; t < recorder.snapshots.size(); ++t) {
    const TrainSnapshot& average = recorder.averages[t - 1];
    sum = sum + recorder.snapshots[t].parameters;
    CHECK(average.step == recorder.snapshots[t].step);
    CHECK(torch::allclose(average.parameters.to(at::kDouble), sum / static_cast<double>(t), 1e-6,
                          1e-7));
    const auto there = makeBuiltin("mlp:2-4-2@init:1");
    there->parameters().set(average.parameters);
    CHECK(average.loss ==
          evaluate(*there, makeBatches(data, referencePlan()), Loss::crossEntropy).loss);
  }
  // The run itself ends where it does without.
  const auto plain = makeBuiltin("mlp:2-4-2@init:1");
  Recorder unused;
  train(*plain, data, Loss::crossEntropy, settingsFor("sgd:lr=0.1", 3, 20), unused);
  CHECK(torch::equal(model->parameters().flat(), plain->parameters().flat()));
}

TEST_CASE("a step's batch is the same function each time, whatever the model drops", "[training]") {
  const auto model = dropping();
  const Batch batch = cloudBatch(10);
  const Loss loss = Loss::crossEntropy;
  torch::manual_seed(3);
  const StepStart start = StepStart::of(*model);
  const BatchSlope slope = batchSlope(*model, batch, loss);
  const at::Tensor theta = model->parameters().flat().clone();
  const auto state = at::detail::getDefaultCPUGenerator().get_state();
  TrainedBatch again(*model, batch, loss, start, {});
  CHECK(again.loss(theta) == slope.loss);
  const LossAndGradient found = again.gradient(theta);
  CHECK(found.loss == slope.loss);
  CHECK(torch::equal(found.gradient, slope.gradient));
  CHECK(again.gradient(theta + 0.1).loss != slope.loss);
  // Products are of that function: against a difference of its gradients.
  const at::Tensor v = gaussianVector(theta.numel(), 8);
  const at::Tensor difference =
      (again.gradient(theta + 1e-5 * v).gradient - again.gradient(theta - 1e-5 * v).gradient) /
      2e-5;
  for (int product = 0; product < 2; ++product) {
    CHECK(torch::allclose(again.product(v, CurvatureMatrix::hessian), difference, 1e-6, 1e-7));
  }
  // And nothing has moved.
  CHECK(torch::equal(model->parameters().flat(), theta));
  CHECK(torch::equal(at::detail::getDefaultCPUGenerator().get_state(), state));
}

TEST_CASE("what is recorded of a run does not change where it goes, whatever the model drops",
          "[training]") {
  const Dataset data = clouds(60, at::kDouble);
  const auto endOf = [&](const SnapshotPlan& plan) {
    TrainSettings settings = settingsFor("sgd:lr=0.1", 11, 20);
    settings.snapshots = plan;
    Recorder recorder;
    const auto model = dropping();
    train(*model, data, Loss::crossEntropy, settings, recorder);
    return model->parameters().flat().clone();
  };
  const at::Tensor end = endOf({SnapshotPlan::Mode::even, 2});
  CHECK(torch::equal(endOf({SnapshotPlan::Mode::steps, 100, 1}), end));
  CHECK(torch::equal(endOf({SnapshotPlan::Mode::steps, 100, 1, SnapshotPlan::Losses::all}), end));
}

TEST_CASE("a cap whose slopes are differences says so, once a run", "[training]") {
  // LibTorch knows no forward derivative of cdist.
  const Dataset data = clouds(60, at::kDouble);
  const auto remarksOf = [&](const std::string& forward) {
    Recorder recorder;
    train(*test::scriptModel("def forward(self, x):\n  return " + forward + "\n",
                             {{"w", gaussianVector(4, 4).view({2, 2})}}),
          data, Loss::crossEntropy, settingsFor("sgd:lr=0.1+ghost-cap", 2, 20), recorder);
    return recorder.remarks;
  };
  const auto said = remarksOf("torch.cdist(x, self.w)");
  REQUIRE(said.size() == 1);
  CHECK(contains(said.front(), "central differences"));
  CHECK(remarksOf("x.mm(self.w)").empty());
}

TEST_CASE("a step's batch leaves BatchNorm's statistics as they were", "[training]") {
  const auto model = makeBuiltin("convnet:1x1x2-4-2,bn=on,dtype=f64@init:1");
  model->setTraining(true);
  Batch batch = cloudBatch(12);
  batch.inputs = Inputs(batch.inputs[0].view({12, 1, 1, 2}));
  const Loss loss = Loss::crossEntropy;
  const StepStart start = StepStart::of(*model);
  const BatchSlope slope = batchSlope(*model, batch, loss);
  const at::Tensor moved = model->buffers();
  REQUIRE_FALSE(torch::equal(moved, start.buffers));
  const at::Tensor theta = model->parameters().flat().clone();
  TrainedBatch again(*model, batch, loss, start, {});
  const at::Tensor v = gaussianVector(theta.numel(), 8);
  CHECK(again.gradient(theta).loss == slope.loss);
  const at::Tensor difference =
      (again.gradient(theta + 1e-5 * v).gradient - again.gradient(theta - 1e-5 * v).gradient) /
      2e-5;
  for (int product = 0; product < 2; ++product) {
    CHECK(torch::allclose(again.product(v, CurvatureMatrix::hessian), difference, 1e-6, 1e-7));
  }
  const at::Tensor along = again.outputsAlong(v);
  CHECK(torch::equal(model->buffers(), moved));
  // J·v against a difference of outputs.
  const auto outputsAt = [&](const at::Tensor& there) {
    const at::NoGradGuard noGrad;
    model->parameters().set(there);
    return model->forward(batch.inputs);
  };
  const at::Tensor slopes = (outputsAt(theta + 1e-5 * v) - outputsAt(theta - 1e-5 * v)) / 2e-5;
  CHECK(torch::allclose(along, slopes, 1e-6, 1e-7));
}

TEST_CASE("the samples' losses and gradients add up to the batch's", "[training]") {
  const auto model = makeBuiltin("mlp:2-5-2,dtype=f64@init:1");
  const Batch batch = cloudBatch(9);
  const Loss loss = parseLoss("cross-entropy:decay=0.01");
  const StepStart start = StepStart::of(*model);
  const BatchSlope slope = batchSlope(*model, batch, loss);
  TrainedBatch again(*model, batch, loss, start, {});
  const SampleRows rows = again.sampleRows(SampleNumbers::losses);
  REQUIRE(rows.rows.sizes() == at::IntArrayRef({9, model->parameters().size()}));
  CHECK(std::abs(rows.values.mean().item<double>() - slope.loss) < 1e-12);
  CHECK(torch::allclose(rows.rows.mean(0), slope.gradient, 1e-10, 1e-12));
}

TEST_CASE("SAM's second gradient is clipped as the run's gradients are", "[training]") {
  const Dataset data = clouds(40, at::kDouble);
  TrainSettings settings = settingsFor("sgd:lr=1+sam", 1, 10);
  settings.clip = 0.01;
  Recorder recorder;
  train(*makeBuiltin("mlp:2-4-2,dtype=f64@init:1"), data, Loss::crossEntropy, settings, recorder);
  for (const TrainMetric& metric : recorder.metrics) {
    CHECK(metric.gradientNorm > 0.01);
    CHECK(std::abs(metric.stepNorm.value() - 0.01) < 1e-12);
  }
}

TEST_CASE("every optimizer halves the digits' loss with nothing set", "[training][digits]") {
  const nlohmann::json experiment = {{"model", {{"spec", "mlp:64-24-24-24-10,act=tanh@init:0"}}},
                                     {"data",
                                      {{"path", test::sourceFile("resources/digits/digits.npz")},
                                       {"transform", {{"layout", "nchw"}, {"scale", 1. / 16}}}}},
                                     {"loss", "cross-entropy"},
                                     {"threads", 1}};
  for (const std::string name :
       {"sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad", "lbfgs", "soap",
        "shampoo", "mfac", "gns-newton", "gns-newton:matrix=gauss-newton", "sven"}) {
    const Experiment opened = openExperiment(experiment, {});
    TrainSettings settings;
    settings.optimizer = parseOptimizerSpec(name);
    settings.snapshots = {SnapshotPlan::Mode::even, 2, 1};
    if (name == "lbfgs") {
      settings.batchSize = opened.data.samples();
    } else if (settings.optimizer.name == "gns-newton" || name == "sven") {
      settings.epochs = 4;  // is enough for them, and their steps take long
    }
    Recorder recorder;
    const TrainOutcome outcome = train(*opened.model, opened.data, opened.loss, settings, recorder);
    INFO(name << ": " << recorder.snapshots.front().loss.value() << " to " << outcome.loss);
    CHECK(outcome.loss < recorder.snapshots.front().loss.value() / 2);
  }
}
