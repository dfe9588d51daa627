#pragma once

#include <nlohmann/json.hpp>

#include "engine/server/job.h"

namespace tarn::engine {

// One function per request that needs LibTorch, as engine/protocol/README.md describes them. Each
// returns what its `done` event carries and throws Error.

nlohmann::json handleDescribe(JobContext& job);
nlohmann::json handleWeights(JobContext& job);
nlohmann::json handleSpectrum(JobContext& job);
nlohmann::json handleDirections(JobContext& job);
nlohmann::json handleRange(JobContext& job);
nlohmann::json handleSample(JobContext& job);
nlohmann::json handlePlan(JobContext& job);
nlohmann::json handleWeightSpectra(JobContext& job);

}  // namespace tarn::engine
