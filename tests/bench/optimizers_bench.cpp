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
#include "topology/base/error.h"

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

/// What all rows of the table are measured against.
struct Reference {
  nlohmann::json experiment;
  std::int64_t samples = 0;
  double bytes = 0;            ///< of the parameters
  double checkpointBytes = 0;  ///< of an optimizer that remembers nothing
};

void printRow(const Reference& reference, const std::string& name) {
  const TrainSettings settings = settingsFor(name, reference.samples);
  // What disturbs a pair of runs disturbs both: the middle one of the pairs' ratios counts.
  TimedRun run;
  std::vector<double> ratios;
  for (double spent = 0; ratios.size() < kRounds && spent < kLong;) {
    const TimedRun adamw = timedRun(reference.experiment, settingsFor("adamw", reference.samples));
    run = timedRun(reference.experiment, settings);
    ratios.push_back(stepSeconds(run) / stepSeconds(adamw));
    spent += run.seconds + adamw.seconds;
  }
  std::ranges::sort(ratios);
  const double state =
      (static_cast<double>(run.kept.checkpointBytes) - reference.checkpointBytes) / reference.bytes;
  const bool halved = !run.outcome.divergedAt && run.outcome.loss < run.kept.firstLoss / 2;
  std::printf("| `%s` | %.3f | %.3g | %s | %.2f | %.1f |\n", name.c_str(), run.kept.firstLoss,
              run.outcome.loss, halved ? "yes" : "NO", ratios[ratios.size() / 2],
              std::max(state, 0.0));
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
  const Reference reference{
      experiment, samples, static_cast<double>(opened.model->parameters().flat().nbytes()),
      static_cast<double>(timedRun(experiment, settingsFor("sgd", samples)).kept.checkpointBytes)};
  std::printf("%s on %ld digits, %ld epochs\n", network.c_str(), static_cast<long>(samples),
              static_cast<long>(settingsFor("adamw", samples).epochs));
  std::printf(
      "| optimizer | first loss | last loss | halved | time of a step (AdamW's: 1) | state "
      "(numbers a parameter) |\n|---|---|---|---|---|---|\n");
  for (const std::string& name : allOptimizers()) {
    if (!only.empty() && ("," + only + ",").find("," + name + ",") == std::string::npos) {
      continue;
    }
    try {
      printRow(reference, name);
    } catch (const Error& error) {
      std::printf("| `%s` | not on this network: %s |\n", name.c_str(), error.what());
    }
    std::fflush(stdout);
  }
  return 0;
}
