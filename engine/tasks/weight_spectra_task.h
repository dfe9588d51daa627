#pragma once

#include "engine/tasks/experiment_task.h"

namespace tarn {

/// The spectrum of every weight matrix of an experiment's model, which has been opened
/// (openExperiment, prepareModel): {"weights": [{layer, name, shape, rows, columns, eigenvalues,
/// alpha_hill, …}], "parameters", "dtype", "model_sha256"}, as in engine/protocol/README.md.
/// Throws the engine's errors and Error(cancelled).
nlohmann::json weightSpectra(EngineClient& client, const nlohmann::json& experiment,
                             TaskObserver& observer, const std::stop_token& stop);

/// The same of a model alone, `experiment` being {"model": {"spec": …}, "threads": N}: no data and
/// no loss are needed. Asks for trust, and records experiment and spectra in the project when there
/// is one.
StoredSpectrum computeWeightSpectra(EngineClient& client, Project* project,
                                    nlohmann::json experiment, const TrustQuestion& ask,
                                    TaskObserver& observer, const std::stop_token& stop);

}  // namespace tarn
