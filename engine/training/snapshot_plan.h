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

  /// Which snapshots carry exact losses, of all samples and of those held out.
  enum class Losses {
    spaced,  ///< so few that they cost little beside the training: see measuredSteps()
    all,
  };

  Mode mode = Mode::even;
  std::int64_t count = 100;
  std::int64_t every = 1;
  Losses losses = Losses::spaced;
};

/// Epochs of training for every exact loss of all samples. An epoch takes about three passes over
/// the samples, as a gradient costs about two losses; so that one pass in five epochs adds a
/// fifteenth, whatever the network. Samples held out are measured once an epoch.
inline constexpr std::int64_t kEpochsALoss = 5;

/// The steps at which snapshots are taken, ascending, without repetition: the first is 0, the last
/// is `steps`. At most `count` of them, or all there are.
std::vector<std::int64_t> snapshotSteps(const SnapshotPlan& plan, std::int64_t steps,
                                        std::int64_t batchesPerEpoch);

/// Of a run's snapshots those where losses are measured, ascending: all, or those nearest to a
/// spacing of `apart` steps or more, evenly over the run. The first and the last are always among
/// them. A function of the plan alone, so that a run that is resumed measures where one that ran
/// through does.
std::vector<std::int64_t> measuredSteps(const std::vector<std::int64_t>& snapshots,
                                        SnapshotPlan::Losses losses, std::int64_t apart);

/// Reads {"mode": "even|steps|epochs|log", "count", "every", "losses": "spaced|all"}; null is the
/// default above. Throws Error(usage).
SnapshotPlan snapshotPlanFromJson(const nlohmann::json& value);

}  // namespace tarn::engine
