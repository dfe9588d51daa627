#pragma once

#include <cstddef>

#include "topology/contour_tree/contour_tree.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// Saddle–minimum average distance of a landscape (Landscaper, arXiv 2602.07135).
///
/// Over all arcs of the join tree from a minimum up to a merge saddle: gap = f(saddle) −
/// f(minimum). There is no elder rule, so this is not the mean persistence. A grid of one basin has
/// no such arc: all four are 0. NaN where undefined: no vertex at all, or normalized on a constant
/// grid. Of a split tree: the same of the negated grid, with maxima for minima.
struct Smad {
  double plain = 0.0;               ///< mean gap, in the unit of the grid's values
  double normalized = 0.0;          ///< mean gap / (max − min of the grid)
  double weighted = 0.0;            ///< mean of gap · |basin| / N
  double normalizedWeighted = 0.0;  ///< mean of gap · |basin| / N, / (max − min)
  std::size_t pairs = 0;            ///< P, the number of arcs averaged over
};

/// N counts the vertices that are not masked; a basin is the ascending manifold of its minimum
/// (MergeTree::basinSizes).
Smad smad(const MergeTree& tree);

/// The same mean on the contour tree: over its arcs from a minimum up to a node that is no leaf.
/// There parting contours end an arc as well as meeting ones, so the gaps are shorter. 0 without
/// such an arc, NaN without a vertex.
double contourTreeSmad(const ContourTree& tree);

}  // namespace tarn
