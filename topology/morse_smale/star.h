#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topology/merge_tree/connectivity.h"

namespace tarn {

/// A cell that contains a vertex, as seen from there.
struct StarCell {
  int dimension = 0;
  std::vector<std::vector<int>> steps;  ///< to its other vertices, along every axis of the grid
  std::vector<std::int64_t> offsets;    ///< the same as differences of vertex ids
  std::vector<std::size_t> seenAs;      ///< which cell of the star it is from each of those
  std::vector<std::size_t> faces;       ///< its faces that contain the vertex, one dimension less
  std::vector<std::size_t> cofaces;     ///< what it is such a face of
  std::vector<double> centre;           ///< from the vertex, in steps
};

/// All cells around a vertex inside a grid: of the cubical complex for `2n` and `full`, of the
/// Freudenthal triangulation for `freudenthal`. Cell 0 is the vertex itself.
///
/// For `full` the vertices stand for top cells, and a cell of the star for the face that they
/// share: dimensions count from the top, and faces are cofaces.
struct Star {
  std::vector<StarCell> cells;
  int dimension = 0;  ///< the number of axes that are longer than 1

  /// Throws Error(unsupported) for more than 4 axes longer than 1 (3 for `freudenthal`).
  Star(const std::vector<std::size_t>& shape, Connectivity connectivity);
};

}  // namespace tarn
