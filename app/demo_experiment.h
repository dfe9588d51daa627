#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/tasks/landscape_task.h"
#include "engine/tasks/projection.h"
#include "topology/analysis/analysis.h"

namespace tarn::app {

/// What the built-in experiment found.
struct DemoResult {
  std::vector<StoredRun> runs;
  std::vector<SnapshotInfo> ends;  ///< the last snapshot of each run
  std::size_t better = 0;          ///< the run whose end has the lower loss
  StoredLandscape near;            ///< as far as the runs went
  StoredLandscape wide;            ///< as far as the parameters are long
  StoredDirections plane;          ///< of both
  std::vector<ProjectedRun> projected;
  Analysis analysis;  ///< of the wide landscape
};

/// The built-in experiment: a small network learns the handwritten digits in `data` with two
/// optimizers from the same start and in the same batch order; at the better end the Hessian's two
/// leading eigenvectors span the plane on which the loss is sampled, near the runs and wide around
/// them, and both runs are projected. Everything goes to the project. Throws the engine's errors
/// and Error(cancelled).
DemoResult runDemoExperiment(EngineClient& client, Project& project,
                             const std::filesystem::path& data, int threads, TaskObserver& observer,
                             const std::stop_token& stop);

}  // namespace tarn::app
