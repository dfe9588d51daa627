#include "topology/merge_tree/layout.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tarn {
namespace {

constexpr std::size_t kLeft = 0;
constexpr std::size_t kRight = 1;

}  // namespace

TreeLayout layoutTree(const MergeTree& tree, const BranchDecomposition& decomposition) {
  const auto& branches = decomposition.branches;
  const std::size_t count = branches.size();

  // Branches by where they end, highest first: a branch comes after the one it ends on.
  std::vector<std::int32_t> order(count);
  for (std::size_t i = 0; i < count; ++i) {
    order[i] = static_cast<std::int32_t>(i);
  }
  const auto endsLater = [&](std::int32_t a, std::int32_t b) {
    const auto& first = branches[static_cast<std::size_t>(a)];
    const auto& second = branches[static_cast<std::size_t>(b)];
    return first.top != second.top ? first.top > second.top : a < b;
  };
  std::sort(order.begin(), order.end(), endsLater);

  // How many branches hang on each side of a branch, with all that hang on those.
  std::vector<std::array<std::int64_t, 2>> wide(count, {0, 0});
  std::vector<std::size_t> side(count, kLeft);
  for (std::size_t k = count; k-- > 0;) {
    const auto i = static_cast<std::size_t>(order[k]);
    if (branches[i].parent >= 0) {
      auto& on = wide[static_cast<std::size_t>(branches[i].parent)];
      side[i] = on[kRight] <= on[kLeft] ? kRight : kLeft;
      on[side[i]] += 1 + wide[i][kLeft] + wide[i][kRight];
    }
  }

  // From the top down, those that end highest are placed outermost.
  std::vector<std::int64_t> place(count, 0);
  std::int64_t nextComponent = 0;
  std::vector<std::array<std::int64_t, 2>> free = wide;  // what is left between them and the branch
  for (const std::int32_t branch : order) {
    const auto i = static_cast<std::size_t>(branch);
    const std::int64_t whole = 1 + wide[i][kLeft] + wide[i][kRight];
    std::int64_t start = nextComponent;
    if (branches[i].parent < 0) {
      nextComponent += whole;
    } else {
      const auto parent = static_cast<std::size_t>(branches[i].parent);
      auto& left = free[parent][side[i]];
      start = side[i] == kLeft ? place[parent] - left : place[parent] + left - whole + 1;
      left -= whole;
    }
    place[i] = start + wide[i][kLeft];
  }

  TreeLayout layout;
  layout.x.resize(tree.nodes.size());
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const auto branch = static_cast<std::size_t>(decomposition.branchOfNode[node]);
    layout.x[node] = static_cast<double>(place[branch]);
    layout.width = std::max(layout.width, layout.x[node]);
  }
  return layout;
}

}  // namespace tarn
