#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/command.h"
#include "engine/client/engine_client.h"
#include "engine/project/address.h"
#include "engine/project/project.h"
#include "engine/tasks/experiment.h"
#include "engine/tasks/experiment_task.h"

namespace tarn::app {

/// --model, --data, --loss, --parameters, --mode, --subset, --transform and --bn.
struct ExperimentOptions {
  ExperimentText text;
};

void addExperimentOptions(CLI::App& command, ExperimentOptions& options);

/// The experiment map, with device, threads, seed and memory of the global options.
nlohmann::json experimentOf(const ExperimentOptions& options, const GlobalOptions& global);

/// The last snapshot of a run as `model.from` names it: {run, step}. Throws Error(notFound) when
/// the run is not there or has none.
nlohmann::json endOfRun(const Project& project, const ResultAddress& address);

std::unique_ptr<EngineClient> startEngine(const Invocation& invocation);

/// Asked on a terminal and remembered by hash; --trust answers yes; otherwise the answer is no.
TrustQuestion trustQuestion(const GlobalOptions& global);

}  // namespace tarn::app
