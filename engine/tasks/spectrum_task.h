#pragma once

#include "engine/tasks/experiment_task.h"

namespace tarn {

/// Which eigenpairs of the Hessian, and how exactly.
struct SpectrumRequest {
  int top = 3;
  int bottom = 0;
  double tolerance = 1e-3;  ///< residual ‖Hv − λv‖ relative to |λ|
  int maxProducts = 0;      ///< Hessian-vector products at most; 0: the engine's own bound
  bool weights = false;     ///< also the spectra of the weights (weight_spectra_task.h)
};

/// Computes eigenpairs and, when there is a project, records them there. The eigenvectors come with
/// the result. Throws the engine's errors and Error(cancelled).
StoredSpectrum computeSpectrum(EngineClient& client, Project* project,
                               const OpenedExperiment& opened, const SpectrumRequest& request,
                               TaskObserver& observer, const std::stop_token& stop);

}  // namespace tarn
