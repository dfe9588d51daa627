#pragma once

#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/tasks/experiment_task.h"
#include "engine/tasks/landscape_axes.h"

namespace tarn {

/// What directions are asked for: the keys of the `directions` request.
struct DirectionWishes {
  nlohmann::json spec;
  std::string normalize = "none";
  double tolerance = 1e-3;
  bool curvatures = true;  ///< dᵀHd and the defect, for one product with the Hessian an axis
};

/// Has the engine make the directions. They are not in the project yet. Throws the engine's errors.
StoredDirections findDirections(EngineClient& client, const OpenedExperiment& opened,
                                const DirectionWishes& wishes, TaskObserver& observer,
                                const std::stop_token& stop);

/// A specification of the directions that a landscape has, as they are.
nlohmann::json givenSpecs(EngineClient& client, const StoredDirections& set,
                          const std::stop_token& stop);

/// From where to where each axis goes: range, one text an axis, is what the `range` request takes,
/// or `runs`, which covers every run of the project in the same parameter space as it projects on
/// the directions, with a margin of a tenth (`auto` without runs). `auto` between checkpoints is
/// −0.5 … 1.5. Throws the engine's errors.
std::vector<AxisReach> findReaches(EngineClient& client, const Project& project,
                                   const OpenedExperiment& opened, const StoredDirections& set,
                                   const std::vector<std::string>& range, TaskObserver& observer,
                                   const std::stop_token& stop);

}  // namespace tarn
