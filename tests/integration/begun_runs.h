#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include "engine/project/project.h"
#include "topology/base/error.h"

namespace tarn::test {

/// Waits, at most two minutes, until a project that is being written has so many runs with more
/// than so many snapshots each; false when that does not come.
inline bool awaitRuns(const std::string& path, std::size_t runs, std::size_t snapshots) {
  const auto begun = [&] {
    try {
      const auto project = Project::open(path, Access::read);
      const auto all = project->runs();
      return all.size() == runs && std::ranges::all_of(all, [&](const StoredRun& run) {
               return project->snapshots(run.id).size() > snapshots;
             });
    } catch (const Error&) {
      return false;  // not there yet
    }
  };
  bool there = begun();
  for (int i = 0; i < 12000 && !there; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    there = begun();
  }
  return there;
}

}  // namespace tarn::test
