#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace tarn::engine {

/// When a run keeps θ. Snapshot t is θ after t steps; 0 and the last are always among them.
struct SnapshotPlan {
  enum class Mode {
    even,    ///< `count` of them, evenly over the run
    steps,   ///< every `every` steps
    epochs,  ///< every `every` epochs
    log,     ///< `count` of them: 0, and then evenly in log t
  };

  Mode mode = Mode::even;
  std::int64_t count = 100;
  std::int64_t every = 1;
};

/// The steps at which snapshots are taken, ascending, without repetition: the first is 0, the last
/// is `steps`. At most `count` of them, or all there are.
std::vector<std::int64_t> snapshotSteps(const SnapshotPlan& plan, std::int64_t steps,
                                        std::int64_t batchesPerEpoch);

/// Reads {"mode": "even|steps|epochs|log", "count", "every"}; null is the default above. Throws
/// Error(usage).
SnapshotPlan snapshotPlanFromJson(const nlohmann::json& value);
nlohmann::json toJson(const SnapshotPlan& plan);

}  // namespace tarn::engine
