#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// A homology class of the sublevel or superlevel sets: the vertices whose entry gives birth and
/// death to it, in the order (value, id).
struct PersistenceInterval {
  int degree = 0;  ///< 0: components, 1: loops, 2: voids, …
  std::int64_t birthVertex = -1;
  std::int64_t deathVertex = -1;  ///< −1: the class never dies
  double birth = 0.0;
  double death = 0.0;  ///< ∞ (−∞ for superlevel sets) for a class that never dies

  bool isEssential() const { return deathVertex < 0; }
  double persistence() const { return std::abs(death - birth); }
  friend bool operator==(const PersistenceInterval&, const PersistenceInterval&) = default;
};

/// The persistence of a grid's level sets in every degree.
struct PersistenceDiagram {
  Levels levels = Levels::sublevel;
  Connectivity connectivity = Connectivity::axes2n;
  std::vector<PersistenceInterval> intervals;  ///< by degree, then by birth as the sweep meets them
};

/// Persistent homology over Z/2 by GUDHI, on the ranks of the vertices in the order (value, id), so
/// that pairs are unique; degrees 0 to `highestDegree`, at most one below the number of axes that
/// are longer than 1. Sublevel sets of `2n` are the cubical complex of the vertices, of `full` that
/// of the top cells, of `freudenthal` the triangulation in a simplex tree; superlevel sets are the
/// sublevel sets of the negated grid in the same connectivity.
///
/// Throws Error(unsupported) for more than 2²⁷ cells or 2²⁴ simplices.
PersistenceDiagram persistenceDiagram(const ScalarGrid& grid, Connectivity connectivity,
                                      Levels levels = Levels::sublevel, int highestDegree = 64);

}  // namespace tarn
