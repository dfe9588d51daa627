#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn {

/// The part of a profile that one arc of the join tree makes: it stands on what its children make,
/// and grows by one vertex of width at the value of each of the arc's own vertices.
struct ProfilePart {
  std::int32_t node = -1;       ///< the arc, named by the node at its lower end
  double centre = 0.0;          ///< where its middle stands, in vertices from the left
  std::int64_t childWidth = 0;  ///< width at its lower end: the vertices of all its children
  std::int64_t totalWidth = 0;  ///< width at its upper end: with its own vertices
  double bottom = 0.0;          ///< f(node)
  double top = 0.0;             ///< f(parent); f(node) for a root
  std::size_t firstValue = 0;   ///< its own values: TopologicalProfile::values from here
};

/// The topological landscape profile of a join tree (arXiv 2411.12136): every basin a valley as
/// wide as it has vertices, valleys side by side and nested as in the tree. The full width at
/// height y of a part is the number of vertices of its subtree with a value of at most y. Of a
/// split tree: every peak a mountain, the vertices with a value of at least y.
///
/// In a simplified tree the vertices of a filled basin lie on an arc that may begin above them:
/// they count from its beginning on.
struct TopologicalProfile {
  Levels levels = Levels::sublevel;
  std::vector<ProfilePart> parts;  ///< one a node, by node
  std::vector<double> values;      ///< of all vertices that are not masked, part by part
  double width = 0.0;              ///< their number

  /// The values of a part's own vertices: ascending, in the profile of a split tree descending.
  std::span<const double> valuesOf(const ProfilePart& part) const;
  /// How many vertices of the subtree lie at or below (of a split tree: at or above) a height
  /// within the part's own range.
  std::int64_t widthAt(const ProfilePart& part, double height) const;
};

/// Children stand contiguous and centred on their parent, wide to narrow; components side by side,
/// wide to narrow. The tree's arcOfVertex has to be of the grid.
TopologicalProfile topologicalProfile(const ScalarGrid& grid, const MergeTree& tree);

}  // namespace tarn
