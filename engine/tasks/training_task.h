#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/protocol/optimizer_spec.h"
#include "engine/tasks/experiment_task.h"

namespace tarn {

/// One optimizer's run from the experiment's parameters.
struct TrainingRequest {
  std::string name;  ///< what figures and tables call the run; shortName(optimizer) when empty
  OptimizerSpec optimizer;
  /// Run settings of the `train` request, and `smad` (SmadWish), which is the group's affair.
  nlohmann::json settings = nlohmann::json::object();
};

/// Has the engine look at a request without training: options, schedule, what the optimizer can
/// take. Gives its `run` event: {steps, snapshots, batches_per_epoch, samples, …}. Throws the
/// engine's errors.
nlohmann::json checkTraining(EngineClient& client, const OpenedExperiment& opened,
                             const TrainingRequest& request, const std::stop_token& stop);

/// Trains and records: metrics, snapshots (parameters and buffers) and the latest checkpoint go to
/// the project as they come. When the optimizer keeps a running average, that is recorded as a run
/// of its own named `NAME (average)`. A run that is stopped keeps what it has and is marked so; a
/// run that diverges ends as `failed`, with `diverged_at` in its facts, and is no error. Throws the
/// engine's errors and Error(cancelled).
StoredRun trainRun(EngineClient& client, Project& project, const OpenedExperiment& opened,
                   const TrainingRequest& request, TaskObserver& observer,
                   const std::stop_token& stop);

/// Whether a run is the running average of another one (its fact `average_of`), and the id of the
/// one that is the average of a run.
bool isAverage(const StoredRun& run);
std::optional<std::int64_t> averageOf(const Project& project, std::int64_t run);

/// True for a run that was stopped, or whose engine or process ended before it did.
bool canResume(const StoredRun& run);

/// Goes on with such a run from its latest checkpoint, or from its beginning when there is none, to
/// the same bits as if it had never been interrupted; what was recorded after the checkpoint is
/// replaced by the same. Throws Error(usage) for a run that is complete, has diverged or is
/// running, Error(badInput) when its model or data has changed, and as trainRun.
StoredRun resumeRun(EngineClient& client, Project& project, std::int64_t run,
                    const TrustQuestion& ask, TaskObserver& observer, const std::stop_token& stop);

}  // namespace tarn
