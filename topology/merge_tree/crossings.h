#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/neighbourhood.h"

namespace tarn {

/// Which basins may meet at every vertex: more than its own only where lower neighbours lie in
/// others.
struct Crossings {
  /// Per vertex: its basin; or ~start, where basins may meet and are listed from `start` in
  /// `lists`; or kMaskedVertex.
  std::vector<std::int32_t> entryOf;
  /// Lists of different basins, in the order of the lowest neighbours that lie in them: the
  /// vertex's own first. The last one is stored as ~basin.
  std::vector<std::int32_t> lists;
};

/// Throws Error(cancelled), and Error(unsupported) for more than 2³¹ entries.
Crossings findCrossings(const MaskedValues& values, const Flow& flow,
                        const Neighbourhood& neighbourhood, Connectivity connectivity,
                        const std::stop_token& stop);

}  // namespace tarn
