// Training on the handwritten digits with nothing set: what a user meets who only names an
// optimizer.
#include "engine/data/experiment.h"
#include "engine/optim/registry.h"
#include "engine/training/trainer.h"
#include "support/paths.h"
#include "torch_catch.h"
#include "training_support.h"

using namespace tarn;
using namespace tarn::engine;

TEST_CASE("every matrix optimizer halves the digits' loss within the default budget", "[digits]") {
  const nlohmann::json experiment = {{"model", {{"spec", "mlp:64-24-24-24-10,act=tanh@init:0"}}},
                                     {"data",
                                      {{"path", test::sourceFile("resources/digits/digits.npz")},
                                       {"transform", {{"layout", "nchw"}, {"scale", 1. / 16}}}}},
                                     {"loss", "cross-entropy"},
                                     {"threads", 1}};
  for (const OptimizerKind& kind : optimizerKinds()) {
    if (!kind.route) {
      continue;
    }
    const Experiment opened = openExperiment(experiment, {});
    TrainSettings settings;
    settings.optimizer = {kind.name};
    settings.snapshots = {SnapshotPlan::Mode::even, 2, 1};
    test::Recorder recorder;
    const TrainOutcome outcome = train(*opened.model, opened.data, opened.loss, settings, recorder);
    INFO(kind.name << ": " << recorder.snapshots.front().loss.value() << " to " << outcome.loss);
    CHECK(outcome.loss < recorder.snapshots.front().loss.value() / 2);
  }
}
