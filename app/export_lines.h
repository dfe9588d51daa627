#pragma once

#include "topology/contour_tree/contour_tree.h"
#include "topology/io_extra/vtp.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/morse_smale/morse_smale.h"

namespace tarn::app {

/// Topology as points and lines in space. A grid of one or two axes lies in the plane and its
/// values are the height; one of three axes fills the space. Error(unsupported) for more. Points
/// have `value`, `vertex` and `kind`; arcs have `rise`, the difference of their ends' values.
PolyLines linesOf(const ScalarGrid& grid, const MergeTree& tree);
PolyLines linesOf(const ScalarGrid& grid, const ContourTree& tree);
/// The critical cells first, with their `index`, then the points of the separatrices (index −1),
/// which have `saddle` and `extremum`.
PolyLines linesOf(const ScalarGrid& grid, const MorseSmale& complex);

}  // namespace tarn::app
