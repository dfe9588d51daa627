#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/tasks/experiment_task.h"

namespace tarn {

/// A landscape to be sampled: the loss on the plane (or line, or n-D box) through θ.
struct LandscapeRequest {
  std::string name;
  std::vector<std::string> directions{"hessian:2"};  ///< the grammar of --directions
  std::string normalize = "none";                    ///< none, layer, filter or model
  std::vector<std::uint64_t> steps{41};              ///< one for all axes, or one each
  std::vector<std::string> range{"auto"};  ///< auto, rel:x, abs:x or runs; one or one each
  double tolerance = 1e-3;                 ///< of the Hessian's eigenpairs
  std::uint64_t tilePoints = 16;           ///< points computed and committed together
  std::optional<nlohmann::json> plan;      ///< a plan to reuse; measured when absent
};

/// The range `runs` covers every run of the project in the same parameter space, as it projects on
/// the directions, with a margin of a tenth.
///
/// Finds the directions and their ranges and adds the landscape to the project, without a value
/// yet. Throws Error(usage) when steps or ranges don't fit the axes, and for absurdly many points
/// (the number is said).
StoredLandscape prepareLandscape(EngineClient& client, Project& project,
                                 const OpenedExperiment& opened, const LandscapeRequest& request,
                                 TaskObserver& observer, const std::stop_token& stop);

/// Samples the tiles of a landscape that are not in the project yet, and commits them as they come:
/// whatever was committed stays, whenever it is stopped. The first time the engine's plan is
/// recorded; later times it is used again, so that the values are the same to the bit. The model
/// and the data must still be those the landscape was begun with (Error(badInput)).
StoredLandscape fillLandscape(EngineClient& client, Project& project, std::int64_t landscape,
                              const TrustQuestion& ask, TaskObserver& observer,
                              const std::stop_token& stop);

/// The n coordinates of an axis: symmetric about 0, which is one of them when n is odd.
std::vector<double> axisCoordinates(double halfWidth, std::uint64_t steps);

}  // namespace tarn
