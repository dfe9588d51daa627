#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/tasks/training_task.h"
#include "topology/base/error.h"

namespace tarn {

/// A run that is to be trained with others: a new one, or one of the project that goes on.
struct GroupMember {
  TrainingRequest request;
  std::int64_t resume = 0;  ///< the run's id; 0: a new one
};

/// What became of a member.
struct GroupOutcome {
  std::optional<StoredRun> run;  ///< none when it was not begun
  std::optional<Error> error;    ///< why it ended early; a run that diverged has none
  /// What could not be measured of the SMAD of its snapshots, in a sentence.
  std::optional<std::string> smadProblem;
};

struct TrainingGroup {
  /// Starts an engine; called once for every run that goes on beside others.
  std::function<std::unique_ptr<EngineClient>(const std::stop_token&)> startEngine;
  nlohmann::json experiment;  ///< of the new ones
  std::vector<GroupMember> members;
  std::size_t jobs = 1;  ///< so many at a time
};

/// How many runs go on at once when nobody says: as many as there are cores, at most one a member.
std::size_t usualJobs(std::size_t members);
/// How many threads the kernels of each then have: the cores shared out among them.
int threadsEach(std::size_t jobs);

/// Trains the members, some at a time, each with an engine of its own. A member that fails or
/// diverges does not end the others; with a stop all end where they are, and what is recorded is
/// kept. The project is written by this process alone, one transaction at a time, and `observer`
/// and `ask` are called one at a time; progress is that of all together, its note says how far each
/// is. Outcomes, and the numbers of new runs, are in the members' order.
///
/// Where a member's settings ask for the SMAD of its snapshots, it is measured beside the training
/// by an engine more (SmadWatch), and waited for at the end; the runs are the same without it.
///
/// Throws the engine's errors before anything is begun: when no engine can be started, the
/// experiment cannot be opened, or a new member's options or optimizer do not fit (named in the
/// sentence). Throws Error(cancelled) when it was stopped.
std::vector<GroupOutcome> trainGroup(const TrainingGroup& group, Project& project,
                                     const TrustQuestion& ask, TaskObserver& observer,
                                     const std::stop_token& stop);

}  // namespace tarn
