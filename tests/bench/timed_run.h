#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "engine/data/experiment.h"
#include "engine/training/trainer.h"

namespace tarn::bench {

/// Keeps what a run reports, as the engine that sends it on does.
struct Keeper : engine::TrainObserver {
  std::size_t bytes = 0;
  std::size_t checkpointBytes = 0;  ///< of the latest
  double firstLoss = 0;

  void onStep(std::int64_t, std::int64_t) override {}
  void onMetric(const engine::TrainMetric&) override { bytes += sizeof(engine::TrainMetric); }
  void onSnapshot(const engine::TrainSnapshot& snapshot) override {
    bytes += snapshot.parameters.nbytes();
    if (snapshot.step == 0) {
      firstLoss = snapshot.loss.value();
    }
  }
  void onAverage(const engine::TrainSnapshot&) override {}
  void onRemark(const std::string&) override {}
  void onCheckpoint(std::int64_t, std::span<const std::byte> state) override {
    checkpointBytes = state.size();
  }
};

struct TimedRun {
  double seconds = 0;  ///< of the training alone: the experiment is opened before
  engine::TrainOutcome outcome;
  Keeper kept;
};

inline TimedRun timedRun(const nlohmann::json& experiment, const engine::TrainSettings& settings) {
  engine::Experiment opened = engine::openExperiment(experiment, {});
  TimedRun run;
  const auto begin = std::chrono::steady_clock::now();
  run.outcome = engine::train(*opened.model, opened.data, opened.loss, settings, run.kept);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return run;
}

}  // namespace tarn::bench
