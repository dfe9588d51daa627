#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// A component of the sublevel sets: born at a minimum, dead where it meets an elder one.
struct PersistencePair {
  std::int64_t birthVertex = -1;
  std::int64_t deathVertex = -1;
  double birth = 0.0;
  double death = 0.0;

  double persistence() const { return std::abs(death - birth); }
  friend bool operator==(const PersistencePair&, const PersistencePair&) = default;
};

/// H0 persistence in the order (value, id).
struct ZerothPersistence {
  std::vector<PersistencePair> pairs;   ///< finite ones, by birth in (value, id)
  std::vector<std::int64_t> essential;  ///< birth vertices of the components that never die
};

/// The pairs of a join tree by the elder rule. One pair for each component but the eldest that ends
/// at a saddle, so that a saddle of k components makes k − 1 pairs.
ZerothPersistence zerothPersistence(const MergeTree& tree);

/// The mean over the finite pairs; none without one.
std::optional<double> meanPersistence(const ZerothPersistence& persistence);

/// The pairs from GUDHI, on the ranks of the vertices: an independent program, slower and larger,
/// that the tree is tested against. `2n` is the cubical complex of the vertices, `full` that of the
/// top cells, `freudenthal` the 1-skeleton of the triangulation in a simplex tree, at most 2²⁴
/// edges. Throws Error(unsupported) above that.
ZerothPersistence zerothPersistenceFromGudhi(const ScalarGrid& grid, Connectivity connectivity);

}  // namespace tarn
