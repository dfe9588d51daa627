#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/curvature/hessian.h"
#include "engine/curvature/lanczos.h"
#include "engine/data/experiment.h"

namespace tarn::engine {

/// The Hessian of an experiment's loss in the batches that suit double backward, keeping graphs
/// within curvatureMemory(). Large batches are shared among the experiment's threads, small ones
/// are computed by one.
Hessian makeHessian(Experiment& experiment, const std::function<void()>& pause,
                    CurvatureMatrix matrix = CurvatureMatrix::hessian);
/// The same over a part of the experiment's data, keeping graphs within so many bytes.
Hessian makeHessian(Experiment& experiment, const Dataset& data, const std::function<void()>& pause,
                    CurvatureMatrix matrix, std::uint64_t keepBytes);

/// How makeHessian() cuts the data and shares the batches, for the provenance: {micro_batch,
/// layout, workers, kept_graphs}.
nlohmann::json curvaturePlan(const Hessian& hessian);

/// What kept graphs may take and what the vectors of a Lanczos basis may take, in bytes each: half
/// of the experiment's memory; without a limit, half of what is free.
std::uint64_t curvatureMemory(const Experiment& experiment);

/// Eigenpairs of the Hessian by options.method. options.memoryBytes is set from the experiment when
/// it is 0.
Eigenpairs eigenpairs(Hessian& hessian, const Experiment& experiment, LanczosOptions options);

}  // namespace tarn::engine
