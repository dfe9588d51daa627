#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "engine/client/engine_client.h"
#include "engine/project/project.h"
#include "engine/tasks/observer.h"

namespace tarn {

/// Asks the user whether a model file may be run: its path on the engine's host and its SHA-256.
using TrustQuestion = std::function<bool(const std::string& path, const std::string& sha256)>;

/// Makes an experiment's `model` ready for a request: asks for trust when it is a file and adds its
/// hash, and puts the parameters that `from` names. Throws as openExperiment.
void prepareModel(EngineClient& client, Project* project, nlohmann::json& model,
                  const TrustQuestion& ask, const std::stop_token& stop);

/// An experiment that the engine has opened.
struct OpenedExperiment {
  std::int64_t id = 0;        ///< in the project; 0 without one
  nlohmann::json experiment;  ///< with the trusted hash and the hashes of what was put
  nlohmann::json described;   ///< the engine's `described` event
};

/// Records an opened experiment; returns its id in the project.
std::int64_t addExperiment(const EngineClient& client, Project& project,
                           const OpenedExperiment& opened);

/// Opens an experiment: asks for trust when its model is a file (`ask` decides, and remembers if it
/// likes), puts the parameters that `model.from` = {"run": id, "step": s} names (a snapshot in the
/// project), has the engine describe it, and records it in the project (which may be null unless
/// `from` is used).
/// Throws Error(untrusted) when the answer is no, and the engine's errors.
OpenedExperiment openExperiment(EngineClient& client, Project* project, nlohmann::json experiment,
                                const TrustQuestion& ask, TaskObserver& observer,
                                const std::stop_token& stop);

/// The same without a record of it: `id` is 0.
OpenedExperiment describeExperiment(EngineClient& client, Project* project,
                                    nlohmann::json experiment, const TrustQuestion& ask,
                                    TaskObserver& observer, const std::stop_token& stop);

/// Opens an experiment of the project again, to go on with a result that was begun on it. Throws as
/// openExperiment, and Error(badInput) when its model or its data is not what it was.
OpenedExperiment reopenExperiment(EngineClient& client, Project& project, std::int64_t experiment,
                                  const TrustQuestion& ask, TaskObserver& observer,
                                  const std::stop_token& stop);

/// What every result says of its making: versions, device, hashes, request and plan.
nlohmann::json provenance(const EngineClient& client, const OpenedExperiment& opened,
                          const nlohmann::json& request, const nlohmann::json& plan);

}  // namespace tarn
