#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "engine/curvature/lanczos.h"
#include "engine/curvature/spectrum.h"
#include "engine/data/experiment.h"
#include "engine/server/job.h"

namespace tarn::engine {

/// How exactly a request wants eigenpairs: `tolerance` and `max_products`, both optional. Throws
/// Error(usage).
LanczosOptions lanczosOptionsOf(const nlohmann::json& request);

/// Computes the eigenpairs that a request asks for, with progress, and sends the `spectrum` event.
/// Reads `tolerance` and `max_products` from the request.
Eigenpairs sendSpectrum(JobContext& job, const Experiment& experiment, const Evaluation& reference,
                        Hessian& hessian, std::int64_t top, std::int64_t bottom);

}  // namespace tarn::engine
