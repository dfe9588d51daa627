#include <algorithm>
#include <string>
#include <vector>

#include "engine/model/builtin.h"
#include "engine/training/trainer.h"
#include "topology/base/error.h"
#include "torch_catch.h"
#include "training_support.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::clouds;
using tarn::test::Recorder;
using tarn::test::Saved;
using tarn::test::settingsFor;

namespace {

bool sameMetric(const TrainMetric& a, const TrainMetric& b) {
  return a.step == b.step && a.epoch == b.epoch && a.loss == b.loss && a.accuracy == b.accuracy &&
         a.gradientNorm == b.gradientNorm && a.stepNorm == b.stepNorm && a.rate == b.rate;
}

bool sameSnapshot(const TrainSnapshot& a, const TrainSnapshot& b) {
  return a.step == b.step && a.loss == b.loss && a.accuracy == b.accuracy &&
         torch::equal(a.parameters, b.parameters) && torch::equal(a.buffers, b.buffers);
}

}  // namespace

TEST_CASE("a resumed run replays to identical bits", "[training]") {
  const Dataset data = clouds(90);
  struct Case {
    std::string model;
    std::string optimizer;
  };
  for (const auto& [spec, optimizer] :
       {Case{"mlp:2-8-2@init:1", "adamw:lr=0.01"}, Case{"mlp:2-8-2@init:1", "sgd:momentum=0.9"},
        Case{"convnet:1x1x2-4-2,bn=on@init:1", "adamw"}}) {
    INFO(spec << " with " << optimizer);
    TrainSettings settings = settingsFor(optimizer, 6, 16);
    settings.schedule = scheduleFromJson("cosine:warmup=5");
    settings.snapshots.count = 9;
    settings.metrics = 10;
    settings.checkpointEvery = 7;
    Recorder through;
    const auto uninterrupted = makeBuiltin(spec);
    const TrainOutcome expected =
        train(*uninterrupted, data, Loss::crossEntropy, settings, through);
    REQUIRE(through.checkpoints.size() == 5);
    for (const Saved& saved : through.checkpoints) {
      const auto model = makeBuiltin(spec);
      torch::randn({saved.step});
      Recorder recorder;
      const TrainOutcome outcome =
          train(*model, data, Loss::crossEntropy, settings, recorder, saved.state);
      CHECK(torch::equal(model->parameters().flat(), uninterrupted->parameters().flat()));
      CHECK(torch::equal(model->buffers(), uninterrupted->buffers()));
      CHECK(outcome.steps == expected.steps);
      CHECK(outcome.loss == expected.loss);
      // What comes after the checkpoint is reported alike, and nothing of before.
      CHECK(std::ranges::equal(
          recorder.metrics,
          std::ranges::subrange(std::ranges::find_if(through.metrics,
                                                     [&](const TrainMetric& metric) {
                                                       return metric.step > saved.step;
                                                     }),
                                through.metrics.end()),
          sameMetric));
      CHECK(std::ranges::equal(
          recorder.snapshots,
          std::ranges::subrange(std::ranges::find_if(through.snapshots,
                                                     [&](const TrainSnapshot& snapshot) {
                                                       return snapshot.step > saved.step;
                                                     }),
                                through.snapshots.end()),
          sameSnapshot));
    }
  }
}

TEST_CASE("a checkpoint of another run, or a damaged one, is refused", "[training]") {
  const Dataset data = clouds(60);
  TrainSettings settings = settingsFor("adamw", 2, 20);
  settings.checkpointEvery = 2;
  Recorder recorder;
  train(*makeBuiltin("mlp:2-4-2"), data, Loss::crossEntropy, settings, recorder);
  const auto& state = recorder.checkpoints.front().state;
  const auto resumes = [&](const std::string& model, const TrainSettings& with,
                           std::span<const std::byte> bytes) {
    Recorder unused;
    train(*makeBuiltin(model), data, Loss::crossEntropy, with, unused, bytes);
  };
  CHECK_NOTHROW(resumes("mlp:2-4-2", settings, state));
  CHECK_THROWS_AS(resumes("mlp:2-4-2@init:3", settings, state), Error);
  TrainSettings other = settings;
  other.batchSize = 30;
  CHECK_THROWS_AS(resumes("mlp:2-4-2", other, state), Error);
  other = settings;
  other.optimizer = parseOptimizerSpec("adamw:lr=0.1");
  CHECK_THROWS_AS(resumes("mlp:2-4-2", other, state), Error);
  // A default that is written out is the same run.
  other.optimizer = parseOptimizerSpec("adamw:lr=1e-3");
  CHECK_NOTHROW(resumes("mlp:2-4-2", other, state));
  for (std::size_t length = 1; length < state.size(); length += 97) {
    CHECK_THROWS_AS(resumes("mlp:2-4-2", settings, std::span(state).first(length)), Error);
  }
}

TEST_CASE("a run stops within one step, and what it reported stays good", "[training]") {
  const Dataset data = clouds(100);
  Recorder recorder;
  std::int64_t last = 0;
  recorder.atStep = [&](std::int64_t step) {
    last = step;
    if (step == 13) {
      throw Error(ErrorCode::cancelled, "stop");
    }
  };
  TrainSettings settings = settingsFor("sgd", 10, 10);
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 5};
  CHECK_THROWS_AS(train(*makeBuiltin("mlp:2-2"), data, Loss::crossEntropy, settings, recorder),
                  Error);
  CHECK(last == 13);
  REQUIRE(recorder.snapshots.size() == 3);
  CHECK(recorder.snapshots.back().step == 10);
}

TEST_CASE("a run that is stopped anywhere leaves a checkpoint from which it ends alike",
          "[training]") {
  // 30 steps with a snapshot, and so an evaluation, at every third: some of the 40 wishes to stop
  // come between steps, others while a snapshot is being taken.
  const Dataset data = clouds(60);
  TrainSettings settings = settingsFor("adamw:lr=0.01", 10, 20);
  settings.snapshots = {SnapshotPlan::Mode::steps, 100, 3, SnapshotPlan::Losses::all};
  Recorder through;
  const auto uninterrupted = makeBuiltin("mlp:2-8-2@init:1");
  train(*uninterrupted, data, Loss::crossEntropy, settings, through);
  for (int wish = 1; wish <= 40; ++wish) {
    INFO("stopped at call " << wish);
    Recorder recorder;
    int calls = 0;
    recorder.atStep = [&](std::int64_t) {
      if (++calls == wish) {
        throw Error(ErrorCode::cancelled, "Stop.");
      }
    };
    CHECK_THROWS_AS(
        train(*makeBuiltin("mlp:2-8-2@init:1"), data, Loss::crossEntropy, settings, recorder),
        Error);
    recorder.atStep = {};
    const auto model = makeBuiltin("mlp:2-8-2@init:1");
    if (recorder.checkpoints.empty()) {
      CHECK(recorder.metrics.empty());  // nothing was done that could be lost
      recorder.snapshots.clear();
      train(*model, data, Loss::crossEntropy, settings, recorder);
    } else {
      const auto state = recorder.checkpoints.back().state;
      train(*model, data, Loss::crossEntropy, settings, recorder, state);
    }
    CHECK(torch::equal(model->parameters().flat(), uninterrupted->parameters().flat()));
    CHECK(std::ranges::equal(recorder.metrics, through.metrics, sameMetric));
    CHECK(std::ranges::equal(recorder.snapshots, through.snapshots, sameSnapshot));
  }
}
