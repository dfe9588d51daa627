#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/tasks/experiment_task.h"

namespace tarn {

/// Which eigenpairs of the Hessian, how exactly, and what else of it.
struct SpectrumRequest {
  int top = 3;
  int bottom = 0;
  double tolerance = 1e-3;         ///< residual ‖Hv − λv‖ relative to |λ|
  int maxProducts = 0;             ///< Hessian-vector products at most; 0: the engine's own bound
  std::string method = "lanczos";  ///< or chebyshev
  std::string matrix = "hessian";  ///< or gauss-newton
  std::string trace;               ///< empty: none; hutchinson or hutch++
  int traceProducts = 30;          ///< of the trace and of the layers' traces
  bool perLayer = false;           ///< traces of the layers' blocks
  bool layerEigenvalues = false;   ///< and their largest eigenvalues
  bool density = false;
  int densitySteps = 80;
  int densityProbes = 10;
  std::string bulk;            ///< empty: not split; gap, log-gap or classes
  int splits = 0;              ///< eigenvectors compared between two halves of the data; 0: none
  std::vector<int> inflation;  ///< batch sizes whose largest eigenvalue is compared with all data's
  int inflationRepeats = 8;
  bool weights = false;  ///< also the spectra of the weights (weight_spectra_task.h)
  /// A spectrum of the project, of the same experiment and matrix, whose pairs to go on from.
  std::optional<std::int64_t> resume;
};

/// Computes what was asked for and, when there is a project, records it there. The eigenvectors
/// come with the result. When it is stopped, the pairs found by then are recorded before
/// Error(cancelled) is thrown. Throws the engine's errors, and Error(badInput) when the spectrum to
/// go on from is of something else.
StoredSpectrum computeSpectrum(EngineClient& client, Project* project,
                               const OpenedExperiment& opened, const SpectrumRequest& request,
                               TaskObserver& observer, const std::stop_token& stop);

}  // namespace tarn
