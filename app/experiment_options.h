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
  const CLI::App* command = nullptr;

  /// Whether an option was written on the command line: given("--loss").
  bool given(const char* option) const { return command->count(option) > 0; }
};

void addExperimentOptions(CLI::App& command, ExperimentOptions& options);

/// The experiment map, with device, threads, seed and memory of the global options.
nlohmann::json experimentOf(const ExperimentOptions& options, const GlobalOptions& global);
nlohmann::json experimentOf(ExperimentText text, const GlobalOptions& global);

/// The end of a run. Throws Error(notFound) when the run has no snapshot.
SnapshotInfo lastSnapshot(const Project& project, std::int64_t run);

std::unique_ptr<EngineClient> startEngine(const Invocation& invocation);

/// Asked on a terminal and remembered by hash; --trust answers yes; otherwise the answer is no.
TrustQuestion trustQuestion(const GlobalOptions& global);

}  // namespace tarn::app
