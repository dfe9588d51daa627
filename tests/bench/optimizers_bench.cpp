// Optimizers: every one on the handwritten digits with nothing set, and its time for a step over
// that of AdamW in the same process and in turn.
// Usage: bench-optimizers [--network=SPEC] [--only=NAME,NAME…]
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "engine/optim/registry.h"
#include "engine/server/heap.h"
#include "engine/training/run_setup.h"
#include "experiments.h"
#include "timed_run.h"

using namespace tarn;
using namespace tarn::engine;
using bench::TimedRun;
using bench::timedRun;

namespace {

/// Each is timed beside AdamW so often, or until that has taken so many seconds.
constexpr std::size_t kRounds = 15;
constexpr double kLong = 10;

/// The default budget, and at the end of it a checkpoint, which holds what the rule remembers.
TrainSettings settingsFor(const std::string& optimizer, std::int64_t samples) {
  TrainSettings settings;
  settings.optimizer = parseOptimizerSpec(optimizer);
  if (optimizer == "lbfgs") {
    settings.batchSize = samples;  // all it can take
  }
  settings.snapshots.count = 2;
  settings.metrics = 1;
  settings.checkpointEvery = std::max<std::int64_t>(stepsOf(settings, samples) - 1, 1);
  return settings;
}

std::vector<std::string> allOptimizers() {
  std::vector<std::string> names;
  for (const OptimizerKind& kind : optimizerKinds()) {
    names.push_back(kind.name);
  }
  for (const WrapperKind& kind : wrapperKinds()) {
    names.push_back("adamw+" + kind.name);
  }
  return names;
}

double stepSeconds(const TimedRun& run) {
  return run.seconds / static_cast<double>(run.outcome.steps);
}

}  // namespace

int main(int argc, char** argv) {
  keepFreedMemory();
  std::string network = "mlp:64-24-24-24-10,act=tanh@init:0";
  std::string only;
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words) {
    if (word.starts_with("--network=")) {
      network = word.substr(std::strlen("--network="));
    } else if (word.starts_with("--only=")) {
      only = word.substr(std::strlen("--only="));
    }
  }
  nlohmann::json experiment = bench::digits(network);
  experiment["threads"] = 1;
  const Experiment opened = openExperiment(experiment, {});
  const std::int64_t samples = opened.data.samples();
  const auto bytes = static_cast<double>(opened.model->parameters().flat().nbytes());
  const std::size_t without =
      timedRun(experiment, settingsFor("sgd", samples)).kept.checkpointBytes;
  const TrainSettings reference = settingsFor("adamw", samples);
  std::printf("%s on %ld digits, %ld epochs\n", network.c_str(), static_cast<long>(samples),
              static_cast<long>(reference.epochs));
  std::printf(
      "| optimizer | first loss | last loss | halved | time of a step (AdamW's: 1) | state "
      "(numbers a parameter) |\n|---|---|---|---|---|---|\n");
  for (const std::string& name : allOptimizers()) {
    if (!only.empty() && ("," + only + ",").find("," + name + ",") == std::string::npos) {
      continue;
    }
    const TrainSettings settings = settingsFor(name, samples);
    // What disturbs a pair of runs disturbs both: the middle one of the pairs' ratios counts.
    TimedRun run;
    std::vector<double> ratios;
    for (double spent = 0; ratios.size() < kRounds && spent < kLong;) {
      const TimedRun adamw = timedRun(experiment, reference);
      run = timedRun(experiment, settings);
      ratios.push_back(stepSeconds(run) / stepSeconds(adamw));
      spent += run.seconds + adamw.seconds;
    }
    std::ranges::sort(ratios);
    const double state =
        (static_cast<double>(run.kept.checkpointBytes) - static_cast<double>(without)) / bytes;
    const bool halved = !run.outcome.divergedAt && run.outcome.loss < run.kept.firstLoss / 2;
    std::printf("| `%s` | %.3f | %.3g | %s | %.2f | %.1f |\n", name.c_str(), run.kept.firstLoss,
                run.outcome.loss, halved ? "yes" : "NO", ratios[ratios.size() / 2], state);
    std::fflush(stdout);
  }
  return 0;
}
