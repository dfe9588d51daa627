#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/project/project.h"

namespace tarn::app {

/// A project whose runs a command looks at: NAME.tarn for all of them, NAME.tarn#run/ID for one,
/// NAME.tarn#landscape/ID or #directions/ID for all of them on that plane.
struct RunChoice {
  std::shared_ptr<Project> project;
  std::vector<StoredRun> runs;  ///< at least one
  std::optional<std::int64_t> landscape;
  std::optional<std::int64_t> directions;
};

/// Opens it for reading. `ids`, when there are any, choose among the runs. Throws Error(usage) for
/// what is no such address and for a run that is not there, Error(notFound) when there are no runs,
/// and as Project.
RunChoice openRuns(const std::string& address, const std::vector<std::int64_t>& ids);

}  // namespace tarn::app
