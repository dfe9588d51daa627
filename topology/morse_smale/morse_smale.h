#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/connectivity.h"

namespace tarn {

struct CriticalCell {
  int index = 0;                 ///< 0: a minimum, number of axes longer than 1: a maximum
  std::int64_t vertex = -1;      ///< the vertex whose entry makes it
  double value = 0.0;            ///< at that vertex
  std::vector<double> position;  ///< the cell's centre, in steps along every axis
};

/// A way along the discrete gradient between a saddle and an extremum.
struct Separatrix {
  std::int32_t saddle = -1;    ///< index into criticalCells
  std::int32_t extremum = -1;  ///< the same; −1 where it leaves the grid at the boundary
  std::vector<double> path;    ///< positions one after the other, from the saddle on
  std::vector<std::int64_t>
      vertices;  ///< per position: the vertex whose entry makes the cell there
};

/// What flows to one extremum.
struct Manifold {
  std::int32_t extremum = -1;  ///< index into criticalCells
  std::int64_t vertices = 0;
  double volume = 0.0;  ///< of the vertices, in the axes' units: each the block half-way around it
};

/// The Morse–Smale complex of a grid by a discrete gradient (gradient.h).
struct MorseSmale {
  Connectivity connectivity = Connectivity::axes2n;
  std::vector<CriticalCell> criticalCells;  ///< by index, then by vertex in the order (value, id)
  /// From saddles of index 1 down to minima, then from those of index n − 1 up to maxima. In two
  /// dimensions that is the 1-skeleton of the complex.
  std::vector<Separatrix> separatrices;
  std::vector<Manifold> ascending;        ///< of the minima, in order
  std::vector<Manifold> descending;       ///< of the maxima, in order
  std::vector<std::int32_t> ascendingOf;  ///< per vertex: index into ascending; −1 if masked
  /// Per vertex: index into descending, of the highest top cell at the vertex; −1 where that is
  /// masked, or runs off the boundary without meeting a maximum.
  std::vector<std::int32_t> descendingOf;
};

/// Throws what Gradient throws.
MorseSmale morseSmale(const ScalarGrid& grid, Connectivity connectivity,
                      const std::stop_token& stop = {});

}  // namespace tarn
