#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/experiment_options.h"

namespace tarn::app {

/// `--at NAME.tarn#run/ID`: the model at the end of a run, on the run's own experiment but for what
/// the command line says otherwise.
struct RunCentre {
  std::int64_t run = 0;
  SnapshotInfo end;
  nlohmann::json experiment;             ///< to be opened
  std::vector<std::string> differences;  ///< "--loss is mse (the run's: cross-entropy)", …
  std::string data;                      ///< that the run was trained on
  std::string dataHash;                  ///< its SHA-256
};

/// Throws Error(usage) when `at` is no run of the project or --model names another network than the
/// run's, Error(notFound) when there is no such run or it has no snapshot.
RunCentre runCentre(const std::string& at, const Project& project, const ExperimentOptions& options,
                    const GlobalOptions& global);

/// What makes the loss there another one than the run's: options that differ, data that
/// have changed, or a loss at the centre that is not the one the run recorded there.
std::vector<std::string> warningsOf(const RunCentre& centre, const OpenedExperiment& opened);

}  // namespace tarn::app
