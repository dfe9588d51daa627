#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/tasks/experiment_task.h"

namespace tarn {

// What the words of --directions (direction_text.h) stand for.

/// How many axes the words stand for. Throws Error(usage) for a word that cannot be read.
std::size_t axesOfWords(const std::vector<std::string>& words);

/// The experiment's `model` moved to the first checkpoint of between:A;B, or as it is. Throws
/// Error(usage) when several words want a centre, or A cannot be one.
nlohmann::json modelAtCentre(nlohmann::json model, const std::vector<std::string>& words,
                             const Project* project);

/// What is asked of the engine for the words.
struct DirectionSpecs {
  nlohmann::json spec = nlohmann::json::array();  ///< of the `directions` request
  std::vector<std::string> remarks;  ///< what is to be known: how much of a run its axes show
};

/// run: whose pca and update are meant where the words name none; without it, the project's latest
/// run in the experiment's space. Throws Error(usage), Error(notFound) without such a run, and
/// Error(badInput) when it has too few snapshots.
DirectionSpecs directionSpecsFor(EngineClient& client, Project& project,
                                 const OpenedExperiment& opened,
                                 const std::vector<std::string>& words,
                                 std::optional<std::int64_t> run, const TrustQuestion& ask,
                                 const std::stop_token& stop);

/// The checkpoint that each axis leads to, as it is kept in a landscape's request; null for an axis
/// that leads to none. Of another length than the axes when no word leads to any: empty then.
nlohmann::json checkpointsOf(const std::vector<std::string>& words);

/// A checkpoint as the engine takes it: trusted, or put.
nlohmann::json preparedCheckpoint(EngineClient& client, const Project& project,
                                  const nlohmann::json& checkpoint, const TrustQuestion& ask,
                                  const std::stop_token& stop);

}  // namespace tarn
