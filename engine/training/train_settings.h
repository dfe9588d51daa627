#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "engine/protocol/optimizer_spec.h"
#include "engine/training/schedule.h"
#include "engine/training/snapshot_plan.h"
#include "engine/training/validation_plan.h"

namespace tarn::engine {

/// How a run goes. Everything but the last four members decides where it goes, and is part of what
/// a resumed run must share with the one it continues.
struct TrainSettings {
  OptimizerSpec optimizer{"sgd"};
  std::int64_t epochs = 20;
  std::int64_t batchSize = 64;
  std::uint64_t orderSeed = 0;  ///< of the batches' order and of dropout
  Schedule schedule;
  double clip = 0;  ///< the largest gradient norm that is let through; 0: any
  ValidationPlan validation;

  SnapshotPlan snapshots;
  std::int64_t metrics = 1000;       ///< at most so many metrics, evenly over the steps
  std::int64_t checkpointEvery = 0;  ///< steps between checkpoints; 0: every ten seconds
  std::uint64_t memoryBytes = 0;     ///< what an optimizer's own memory may be; 0: any
  std::int64_t threads = 0;          ///< of the kernels; 0: as the experiment says
};

/// Reads the keys of a `train` request (engine/protocol/README.md); what is absent or null takes
/// its default. Throws Error(usage).
TrainSettings trainSettingsFromJson(const nlohmann::json& request);

/// The part that decides where the run goes, as it is compared when a run is resumed.
nlohmann::json courseOf(const TrainSettings& settings);

}  // namespace tarn::engine
