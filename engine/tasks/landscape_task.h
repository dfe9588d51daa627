#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/tasks/experiment_task.h"
#include "engine/tasks/landscape_axes.h"

namespace tarn {

/// What a landscape will cost.
struct SamplingCost {
  std::uint64_t points = 0;
  double secondsPerPoint = 0;  ///< of one worker
  double seconds = 0;          ///< of all points by all workers
  nlohmann::json plan;         ///< that this is the cost of
  /// What it was measured with: versions, experiment, the hashes of its files, the wish for a plan,
  /// the numbers of axes and workers.
  nlohmann::json circumstances;
};

/// A landscape to be sampled: the loss on the plane (or line, or n-D box) through θ.
struct LandscapeRequest {
  std::string name;
  std::vector<std::string> directions{"hessian:2"};  ///< the words of direction_words.h
  std::string normalize = "none";                    ///< none, layer, filter or model
  std::vector<std::uint64_t> steps{41};              ///< one for all axes, or one each
  /// auto, rel:x, abs:x, abs:a..b or runs; one or one each.
  std::vector<std::string> range{"auto"};
  double tolerance = 1e-3;  ///< of the Hessian's eigenpairs
  /// Points computed and committed together; chosen by what they cost when absent.
  std::optional<std::uint64_t> tilePoints;
  std::optional<nlohmann::json> plan;  ///< a plan to reuse, or "reference"; measured when absent
  /// Beside loss, accuracy and standard error: class-loss, gradient-norm.
  std::vector<std::string> quantities;
  std::optional<std::int64_t> run;  ///< whose pca and update are meant; the latest when absent
  /// What an estimate found: where its circumstances are still so, its plan is not measured again.
  std::optional<SamplingCost> estimated;
};

/// Finds the directions and their ranges and the plan, unless the request has one, and adds the
/// landscape to the project, without a value yet. What the axes' curvature is, is left for later
/// where nothing depends on it. `ask` is for checkpoints that directions lead to. Throws
/// Error(usage) when steps or ranges don't fit the axes, and for absurdly many points (the number
/// is said).
StoredLandscape prepareLandscape(EngineClient& client, Project& project,
                                 const OpenedExperiment& opened, const LandscapeRequest& request,
                                 const TrustQuestion& ask, TaskObserver& observer,
                                 const std::stop_token& stop);

/// How a landscape that is there is to grow.
struct LandscapeChange {
  std::vector<std::uint64_t> extend{0};  ///< steps more at either end; one for all axes or one each
  std::vector<std::uint64_t> refine{1};  ///< each step cut into so many; one or one each
  /// Axes to add: their directions, steps and range.
  std::optional<LandscapeRequest> added;
};

/// How many points each axis of the grown landscape has, those that are added last. Throws
/// Error(usage) when the change does not fit the landscape's axes.
std::vector<std::uint64_t> grownShape(const StoredLandscape& landscape,
                                      const LandscapeChange& change);

/// Adds a landscape like another one with more points or axes, without a value yet; filling it
/// takes all points that the other has from there. It is computed by the other's plan, so that the
/// values are those of the whole grid sampled anew, to the bit. Throws Error(usage) for a change
/// that cannot be made or makes absurdly many points, and as reopenExperiment.
StoredLandscape growLandscape(EngineClient& client, Project& project, std::int64_t landscape,
                              const LandscapeChange& change, const TrustQuestion& ask,
                              TaskObserver& observer, const std::stop_token& stop);

/// Samples the tiles of a landscape that are not in the project yet, and commits them as they come:
/// whatever was committed stays, whenever it is stopped. It always goes by the landscape's plan, so
/// that the values are the same to the bit. Then finds what was left for later. The model and the
/// data must still be those the landscape was begun with (Error(badInput)).
/// opened: the landscape's experiment if it has only just been opened, else it is opened again.
StoredLandscape fillLandscape(EngineClient& client, Project& project, std::int64_t landscape,
                              const TrustQuestion& ask, TaskObserver& observer,
                              const std::stop_token& stop,
                              const OpenedExperiment* opened = nullptr);

/// Measures what the request's points would cost, without its directions. Throws Error(usage) for
/// absurdly many points.
SamplingCost estimateCost(EngineClient& client, const OpenedExperiment& opened,
                          const LandscapeRequest& request, TaskObserver& observer,
                          const std::stop_token& stop);

/// The same for all points of a grown landscape, by the landscape's own plan. Nothing is written to
/// the project.
SamplingCost estimateGrowth(EngineClient& client, const Project& project, std::int64_t landscape,
                            const LandscapeChange& change, const TrustQuestion& ask,
                            TaskObserver& observer, const std::stop_token& stop);

}  // namespace tarn
