#include "engine/training/validation.h"

#include <algorithm>
#include <set>
#include <vector>

#include "engine/data/evaluate.h"
#include "engine/data/experiment.h"
#include "engine/model/builtin.h"
#include "topology/base/error.h"
#include "torch_catch.h"
#include "training_support.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::clouds;
using tarn::test::Recorder;
using tarn::test::settingsFor;

namespace {

ValidationPlan part(double fraction, std::uint64_t seed = 0) {
  ValidationPlan plan;
  plan.fraction = fraction;
  plan.seed = seed;
  return plan;
}

/// Samples 0 … count − 1, each its own number.
Dataset numbered(std::int64_t count) {
  Dataset data;
  data.inputs = torch::arange(count, torch::kDouble).unsqueeze(1);
  data.targets = torch::arange(count).remainder(2);
  return data;
}

std::vector<double> numbersOf(const Dataset& data) {
  const at::Tensor column = data.inputs[0].flatten().contiguous();
  return {column.data_ptr<double>(), column.data_ptr<double>() + column.numel()};
}

}  // namespace

TEST_CASE("a split is a partition in the file's order, the same for one seed", "[training]") {
  const Dataset data = numbered(103);
  const SplitData split = splitData(data, part(0.2, 5), Loss::crossEntropy, torch::kDouble);
  const auto training = numbersOf(split.training);
  const auto held = numbersOf(*split.validation);
  CHECK(held.size() == 21);  // 20.6 to the nearest
  CHECK(std::ranges::is_sorted(training));
  CHECK(std::ranges::is_sorted(held));
  std::set<double> all(training.begin(), training.end());
  all.insert(held.begin(), held.end());
  CHECK(all.size() == 103);
  CHECK(numbersOf(*splitData(data, part(0.2, 5), Loss::crossEntropy, torch::kDouble).validation) ==
        held);
  CHECK(numbersOf(*splitData(data, part(0.2, 6), Loss::crossEntropy, torch::kDouble).validation) !=
        held);
  // Inputs and targets stay together.
  for (std::size_t i = 0; i < held.size(); ++i) {
    CHECK(split.validation->targets[static_cast<std::int64_t>(i)].item<std::int64_t>() ==
          static_cast<std::int64_t>(held[i]) % 2);
  }
}

TEST_CASE("a part that leaves one side empty is refused", "[training]") {
  CHECK_THROWS_AS(splitData(numbered(3), part(0.1), Loss::crossEntropy, torch::kDouble), Error);
  CHECK_THROWS_AS(splitData(numbered(3), part(0.9), Loss::crossEntropy, torch::kDouble), Error);
  CHECK_THROWS_AS(validationPlanFromJson({{"fraction", 1.5}}), Error);
  CHECK_THROWS_AS(validationPlanFromJson({{"part", 0.5}}), Error);
}

TEST_CASE("snapshots are measured on the samples held out, and training does not see these",
          "[training]") {
  const SplitData split = splitData(clouds(100), part(0.3), Loss::crossEntropy, torch::kFloat);
  TrainSettings settings = settingsFor("sgd:lr=0.1", 3, 10);
  settings.validation = part(0.3);
  const auto model = makeBuiltin("mlp:2-8-2@init:1");
  Recorder recorder;
  train(*model, split.training, Loss::crossEntropy, settings, recorder, {}, &*split.validation);
  REQUIRE(recorder.snapshots.size() > 2);
  // The last snapshot's model is the one that is left: evaluated once more from outside.
  const Evaluation again =
      evaluate(*model, makeBatches(*split.validation, referencePlan()), Loss::crossEntropy);
  REQUIRE(recorder.snapshots.back().validation);
  CHECK(recorder.snapshots.back().validation->loss == again.loss);
  CHECK(recorder.snapshots.back().validation->accuracy == again.accuracy);

  // Once an epoch, of which 70 samples make 7 steps.
  for (const TrainSnapshot& snapshot : recorder.snapshots) {
    CHECK(snapshot.validation.has_value() == (snapshot.step % 7 == 0));
  }

  // Training on that part alone, with nothing held out, goes the same way to the bit.
  const auto alone = makeBuiltin("mlp:2-8-2@init:1");
  TrainSettings none = settings;
  none.validation = {};
  Recorder second;
  train(*alone, split.training, Loss::crossEntropy, none, second);
  CHECK(torch::equal(recorder.snapshots.back().parameters, second.snapshots.back().parameters));
  CHECK_FALSE(second.snapshots.back().validation);
}

TEST_CASE("a checkpoint of a run with other samples held out is refused", "[training]") {
  const SplitData split = splitData(clouds(100), part(0.3), Loss::crossEntropy, torch::kFloat);
  TrainSettings settings = settingsFor("sgd:lr=0.1", 3, 10);
  settings.validation = part(0.3);
  settings.checkpointEvery = 5;
  Recorder recorder;
  const auto model = makeBuiltin("mlp:2-8-2@init:1");
  train(*model, split.training, Loss::crossEntropy, settings, recorder, {}, &*split.validation);
  REQUIRE(!recorder.checkpoints.empty());
  settings.validation.seed = 1;
  const auto other = makeBuiltin("mlp:2-8-2@init:1");
  Recorder ignored;
  CHECK_THROWS_AS(train(*other, split.training, Loss::crossEntropy, settings, ignored,
                        recorder.checkpoints.front().state, &*split.validation),
                  Error);
}
