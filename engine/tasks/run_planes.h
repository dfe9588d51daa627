#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/project/project.h"

namespace tarn {

/// A plane made of runs alone: no landscape is sampled on it.
enum class RunPlane {
  /// Through the mean of all snapshots, along their two leading principal components.
  pca,
  /// Through the ends of three runs: from the first one's to the second one's, and square to it.
  ends,
};

/// The plane as a set of two orthonormal directions (f64) with their centre, as a landscape has
/// them, in no project yet. Throws Error(usage) when there are too few snapshots, not three runs
/// for `ends`, or runs of different parameters; Error(badInput) when the points lie on one line, so
/// that there is no plane; Error(cancelled).
StoredDirections planeOfRuns(const Project& project, const std::vector<std::int64_t>& runs,
                             RunPlane plane, const std::stop_token& stop = {});

}  // namespace tarn
