// Training: what recording snapshots and metrics costs, as the time of a run that is recorded over
// that of the same run that is not, both in this process and in turn.
// Usage: bench-training
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "engine/data/evaluate.h"
#include "engine/data/experiment.h"
#include "engine/server/heap.h"
#include "engine/training/trainer.h"
#include "experiments.h"
#include "support/optional_data.h"
#include "support/paths.h"

using namespace tarn;
using namespace tarn::engine;
using bench::digits;

namespace {

/// Keeps what a run reports, as the engine that sends it on does.
struct Keeper : TrainObserver {
  std::size_t bytes = 0;
  void onStep(std::int64_t, std::int64_t) override {}
  void onMetric(const TrainMetric&) override { bytes += sizeof(TrainMetric); }
  void onSnapshot(const TrainSnapshot& snapshot) override { bytes += snapshot.parameters.nbytes(); }
  void onAverage(const TrainSnapshot&) override {}
  void onCheckpoint(std::int64_t, std::span<const std::byte> state) override {
    bytes += state.size();
  }
};

double secondsOf(const nlohmann::json& experiment, const TrainSettings& settings) {
  Experiment opened = openExperiment(experiment, {});
  Keeper keeper;
  const auto begin = std::chrono::steady_clock::now();
  train(*opened.model, opened.data, opened.loss, settings, keeper);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What so many exact losses take, which every snapshot has one of.
double secondsOfLosses(const nlohmann::json& experiment, std::int64_t count) {
  Experiment opened = openExperiment(experiment, {});
  const auto batches = makeBatches(opened.data, referencePlan());
  const auto begin = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < count; ++i) {
    evaluate(*opened.model, batches, opened.loss);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// In turn, so that other work on the machine disturbs both alike; the quickest of each counts.
void measure(const char* name, const nlohmann::json& experiment, std::int64_t epochs, int rounds) {
  TrainSettings recorded;
  recorded.optimizer = parseOptimizerSpec("adamw:lr=1e-3");
  recorded.epochs = epochs;
  TrainSettings bare = recorded;
  bare.snapshots.count = 2;  // the first and the last are always taken
  bare.metrics = 1;
  double with = 0;
  double without = 0;
  double losses = 0;
  for (int round = 0; round < rounds; ++round) {
    const double a = secondsOf(experiment, bare);
    const double b = secondsOf(experiment, recorded);
    const double c = secondsOfLosses(experiment, recorded.snapshots.count - bare.snapshots.count);
    losses = round == 0 ? c : std::min(losses, c);
    without = round == 0 ? a : std::min(without, a);
    with = round == 0 ? b : std::min(with, b);
  }
  std::printf("%s, %ld epochs: recorded %.2f s, bare %.2f s\n", name, static_cast<long>(epochs),
              with, without);
  std::printf("  recording %ld snapshots and all metrics (must be <= 1.10): %.3f\n",
              static_cast<long>(recorded.snapshots.count), with / without);
  std::printf("  without the exact loss of all samples at every snapshot: %.3f\n",
              (with - losses) / without);
  std::fflush(stdout);
}

}  // namespace

int main() {
  keepFreedMemory();
  nlohmann::json experiment = digits("mlp:64-32-32-10@init:0");
  experiment["threads"] = 1;
  // 100 snapshots, the default, over the default number of epochs and over more.
  measure("MLP 64-32-32-10 on the digits", experiment, 20, 5);
  measure("MLP 64-32-32-10 on the digits", experiment, 100, 3);
  return 0;
}
