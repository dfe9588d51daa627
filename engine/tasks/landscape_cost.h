#pragma once

#include "engine/tasks/landscape_task.h"

namespace tarn {

/// Tiles while a plan is looked for: no plan evaluates more points together.
inline constexpr std::uint64_t kPlanTilePoints = 16;

/// How many points a tile has by what they cost: as many as take one worker about half a second, so
/// that values are seen and saved soon and yet not each alone; at most an eighth of a worker's
/// share of the grid, so that all workers are busy to the end; at most 256. But always whole calls:
/// a multiple of the plan's points_per_call, at least one.
std::uint64_t tilePointsFor(const SamplingCost& cost);

/// What a new landscape of this shape costs by the plan that the request asks for, or by the
/// fastest. What the request brings of an estimate is taken, or what was measured for an earlier
/// landscape of the project, where that was of the same experiment (its files too), number of axes,
/// engine and workers; else it is measured now. The plan's tiles are the request's, or else chosen
/// by tilePointsFor().
SamplingCost plannedCost(EngineClient& client, const Project& project,
                         const OpenedExperiment& opened, const LandscapeRequest& request,
                         const std::vector<std::uint64_t>& shape, TaskObserver& observer,
                         const std::stop_token& stop);

/// "1681 points of 0.9 ms, 2 at a time: about 0.8 s."
std::string costText(std::uint64_t points, double secondsPerPoint, const nlohmann::json& plan);

}  // namespace tarn
