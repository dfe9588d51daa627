#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/project/project.h"

namespace tarn {

/// What is inside a project, as `tarn info --json` prints it: under experiments, directions,
/// spectra, landscapes, runs and analyses one map for each result with id, address, created,
/// provenance and its main facts (shapes, statuses, counts); no arrays. Throws as Project.
nlohmann::json describe(const Project& project);

/// The map of one result, with all that is known of it but its arrays and values: for a landscape
/// also its coordinates, for a run the metrics.
nlohmann::json describe(const Project& project, ResultKind kind, std::int64_t id);

/// Whether nothing has been stored in a project yet. Throws as Project.
bool holdsNothing(const Project& project);

/// The loss at the model that a landscape was sampled around, as its experiment tells it. Nothing
/// where the landscape has no experiment or its model was given as numbers.
std::optional<double> modelLossOf(const Project& project, const StoredLandscape& landscape);

}  // namespace tarn
