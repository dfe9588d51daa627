// Training: what recording snapshots and metrics costs, as the time of a run that is recorded over
// that of the same run that is not, both in this process and in turn.
// Usage: bench-training
#include <algorithm>
#include <cstdio>
#include <vector>

#include "engine/server/heap.h"
#include "experiments.h"
#include "timed_run.h"

using namespace tarn;
using namespace tarn::engine;
using bench::digits;
using bench::timedRun;

namespace {

double middleOf(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// In turn, so that other work on the machine disturbs all alike; the middle ratio counts.
void measure(const char* name, const nlohmann::json& experiment, std::int64_t epochs, int rounds) {
  TrainSettings recorded;
  recorded.optimizer = parseOptimizerSpec("adamw:lr=1e-3");
  recorded.epochs = epochs;
  TrainSettings allLosses = recorded;
  allLosses.snapshots.losses = SnapshotPlan::Losses::all;
  TrainSettings bare = recorded;
  bare.snapshots.count = 2;  // the first and the last are always taken
  bare.metrics = 1;
  std::vector<double> ratios;
  std::vector<double> ratiosOfAll;
  double seconds = 0;
  for (int round = 0; round < rounds; ++round) {
    const double without = timedRun(experiment, bare).seconds;
    ratios.push_back(timedRun(experiment, recorded).seconds / without);
    ratiosOfAll.push_back(timedRun(experiment, allLosses).seconds / without);
    seconds = round == 0 ? without : std::min(seconds, without);
  }
  std::printf("%s, %ld epochs, %.2f s\n", name, static_cast<long>(epochs), seconds);
  std::printf("  recording %ld snapshots and all metrics (must be <= 1.10): %.3f\n",
              static_cast<long>(recorded.snapshots.count), middleOf(ratios));
  std::printf("  with the exact loss of all samples at every snapshot: %.3f\n",
              middleOf(ratiosOfAll));
  std::fflush(stdout);
}

}  // namespace

int main() {
  keepFreedMemory();
  nlohmann::json experiment = digits("mlp:64-32-32-10@init:0");
  experiment["threads"] = 1;
  // 100 snapshots, the default, over the default number of epochs and over more; and a network
  // whose time goes into its products and not into calling them.
  measure("MLP 64-32-32-10 on the digits", experiment, 20, 15);
  measure("MLP 64-32-32-10 on the digits", experiment, 100, 5);
  experiment["model"]["spec"] = "mlp:64-1024-1024-10@init:0";
  measure("MLP 64-1024-1024-10 on the digits", experiment, 20, 3);
  return 0;
}
