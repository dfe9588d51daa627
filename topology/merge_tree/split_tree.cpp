#include <algorithm>
#include <cstddef>
#include <vector>

#include "topology/merge_tree/merge_tree.h"

namespace tarn {

// The split tree is the join tree of the negated grid. Read backwards, the grid has its ids in
// reversed order too, so that the total order (value, id) is exactly reversed; and every
// connectivity is the same when all axes are flipped at once.
MergeTree splitTree(const ScalarGrid& grid, Connectivity connectivity,
                    const std::stop_token& stop) {
  std::vector<double> negated(grid.size());
  std::transform(grid.values().rbegin(), grid.values().rend(), negated.begin(),
                 [](double value) { return -value; });
  MergeTree tree =
      joinTree(ScalarGrid::fromArray(grid.shape(), std::move(negated)), connectivity, stop);
  const auto last = static_cast<std::int64_t>(grid.size()) - 1;
  tree.levels = Levels::superlevel;
  for (TreeNode& node : tree.nodes) {
    node.vertex = last - node.vertex;
    node.value = -node.value;
    node.kind = node.kind == NodeKind::minimum ? NodeKind::maximum : node.kind;
  }
  std::reverse(tree.arcOfVertex.begin(), tree.arcOfVertex.end());
  return tree;
}

}  // namespace tarn
