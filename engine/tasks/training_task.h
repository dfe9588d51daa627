#pragma once

#include <string>

#include "engine/protocol/optimizer_spec.h"
#include "engine/tasks/experiment_task.h"

namespace tarn {

/// One optimizer's run from the experiment's parameters.
struct TrainingRequest {
  std::string name;  ///< what figures and tables call the run; the optimizer's name when empty
  OptimizerSpec optimizer;
  nlohmann::json settings = nlohmann::json::object();  ///< run settings of the `train` request
};

/// Trains and records: metrics, snapshots (parameters and buffers) and the latest checkpoint go to
/// the project as they come. A run that is stopped keeps what it has and is marked so; a run that
/// diverges ends as `failed`, with `diverged_at` in its facts, and is no error. Throws the engine's
/// errors and Error(cancelled).
StoredRun trainRun(EngineClient& client, Project& project, const OpenedExperiment& opened,
                   const TrainingRequest& request, TaskObserver& observer,
                   const std::stop_token& stop);

}  // namespace tarn
