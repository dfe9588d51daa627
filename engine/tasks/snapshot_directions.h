#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "engine/project/project.h"

namespace tarn {

/// The main ways of a run.
struct MainWays {
  std::vector<NdArray> directions;  ///< float64 unit vectors, the largest component positive
  std::vector<double> shares;       ///< of the snapshots' variance about their mean, descending
};

/// The first `count` principal components of a run's snapshots. Throws Error(badInput) when the run
/// moved in fewer ways, Error(cancelled).
MainWays mainWays(const Project& project, std::int64_t run, std::size_t count,
                  const std::stop_token& stop);

/// The last snapshot minus the one before: float64. Throws Error(badInput) with fewer than two.
NdArray lastUpdate(const Project& project, std::int64_t run);

}  // namespace tarn
