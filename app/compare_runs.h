#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/commands/command.h"

namespace tarn::app {

/// `tarn compare --runs`: the runs of a project side by side. `address` and `ids` as openRuns takes
/// them.
int compareRunsOf(const std::string& address, const std::vector<std::int64_t>& ids,
                  const Invocation& invocation);

}  // namespace tarn::app
