#pragma once

#include <nlohmann/json.hpp>

#include "engine/handlers/opened_experiments.h"
#include "engine/server/job.h"

namespace tarn::engine {

// One function per request that needs LibTorch, as engine/protocol/README.md describes them. Each
// returns what its `done` event carries and throws Error.

nlohmann::json handleDescribe(JobContext& job, OpenedExperiments& experiments);
nlohmann::json handleWeights(JobContext& job);
nlohmann::json handleSpectrum(JobContext& job, OpenedExperiments& experiments);
nlohmann::json handleDirections(JobContext& job, OpenedExperiments& experiments);
nlohmann::json handleRange(JobContext& job, OpenedExperiments& experiments);
nlohmann::json handleSample(JobContext& job, OpenedExperiments& experiments);
nlohmann::json handlePlan(JobContext& job, OpenedExperiments& experiments);
nlohmann::json handleWeightSpectra(JobContext& job);

}  // namespace tarn::engine
