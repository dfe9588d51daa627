#pragma once

#include <stop_token>

#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// The edit distance of two merge trees (Sridharamurthy, Masood, Kamakshidasan, Natarajan, IEEE
/// TVCG 26(3), 2020): the least cost of a constrained edit mapping of the unordered trees (Zhang,
/// Algorithmica 15, 1996), where a node carries the birth and death of its persistence pair,
/// relabelling costs their distance in the maximum norm (at most the cost of deleting one and
/// inserting the other), and deleting or inserting costs half the persistence. A metric;
/// polynomial: O(|A|·|B|) matchings of children.
///
/// A saddle of several pairs carries the most persistent; a forest is a tree under a root that
/// costs nothing. Throws Error(usage) for trees of different level sets and Error(unsupported) for
/// more than 25 million pairs of nodes, Error(cancelled).
double treeEditDistance(const MergeTree& a, const MergeTree& b, const std::stop_token& stop = {});

}  // namespace tarn
