#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "engine/curvature/lanczos.h"
#include "engine/curvature/spectrum.h"
#include "engine/data/experiment.h"
#include "engine/server/job.h"

namespace tarn::engine {

/// How a request wants its eigenpairs: `method`, `tolerance` and `max_products`, all optional.
/// Throws Error(usage).
LanczosOptions lanczosOptionsOf(const nlohmann::json& request, std::int64_t top,
                                std::int64_t bottom);

/// Computes the eigenpairs that a request asks for, with progress, and sends the `spectrum` event.
/// Reads the request by lanczosOptionsOf().
Eigenpairs sendSpectrum(JobContext& job, const Experiment& experiment, const Evaluation& reference,
                        Hessian& hessian, std::int64_t top, std::int64_t bottom);

}  // namespace tarn::engine
