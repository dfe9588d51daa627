#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// A merge tree without its branches of low persistence: the tree of the landscape whose shallow
/// basins are filled up to the saddle where they spill into an elder one.
struct SimplifiedTree {
  MergeTree tree;  ///< arcOfVertex is of the whole grid, as always
  /// The basins of the landscape, those of the dropped minima given to the minima that they drain
  /// into (along MergeTree::spillOfMinimum, so that every basin is connected): an index into the
  /// tree's minima per vertex, −1 for a masked one. Empty if the simplification had no basins.
  std::vector<std::int32_t> basinOfVertex;
};

/// A tree made ready for thresholds of persistence, one after the other: its nodes are kept in
/// depth-first order too, elder child first, in which what a threshold changes together lies
/// together in memory. A copy: tree, branches and basins need not outlive it.
class Simplification {
 public:
  /// A tree with its own branches. Linear in nodes and vertices.
  Simplification(const MergeTree& tree, const BranchDecomposition& branches);
  /// The same with the basins of its landscape; only for a tree of sublevel sets.
  Simplification(const MergeTree& tree, const BranchDecomposition& branches, const Basins& basins);

  /// Keeps the branches whose persistence is above the threshold, and those of whole components.
  /// Linear in nodes and vertices, on two threads. Source: branch decomposition by persistence
  /// (Pascucci, Cole-McLaughlin, Scorzelli 2004); a branch never outlives its parent, so what is
  /// dropped is dropped with all that hangs on it.
  SimplifiedTree above(double threshold) const;

 private:
  class Step;

  void placeNodes(const MergeTree& tree);

  Levels levels_;
  Connectivity connectivity_;
  std::size_t minimaCount_;
  std::vector<TreeNode> nodes_;        ///< as in the tree
  std::vector<std::int32_t> placeOf_;  ///< per node: its place in depth-first order
  /// Per node: the persistence up to which it is dropped, NaN if it never is. Of a saddle, the
  /// largest of the branches that end there; of a root, −∞: there is one only where it is needed.
  std::vector<double> lifetime_;
  std::vector<double> lifetimeAt_;  ///< the same per place

  std::vector<std::int32_t> parentAt_;     ///< per place: the parent's place, −1 at a top
  std::vector<std::int32_t> deathAt_;      ///< per place: for a minimum, that of its death, or −1
  std::vector<std::int32_t> spillAt_;      ///< the same of the minimum that it spills into, or −1
  std::vector<std::int32_t> basinSizeAt_;  ///< per place: for a minimum, the vertices of its basin
  std::vector<std::int32_t> arcAt_;        ///< per vertex: the place of its arc, or −1
  std::vector<std::int32_t> basinAt_;  ///< per vertex: the place of its minimum, or −1; or empty
};

}  // namespace tarn
