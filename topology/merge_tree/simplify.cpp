#include "topology/merge_tree/simplify.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "topology/base/numbers.h"

namespace tarn {
namespace {

constexpr std::int32_t kDropped = -1;

class Simplification {
 public:
  Simplification(const MergeTree& whole, const BranchDecomposition& branches, double threshold)
      : whole_(whole), branches_(branches) {
    for (const Branch& branch : branches.branches) {
      kept_.push_back(branch.parent < 0 || branch.persistence > threshold);
    }
  }

  SimplifiedTree run() {
    result_.tree.levels = whole_.levels;
    result_.tree.connectivity = whole_.connectivity;
    addNodes();
    placeDroppedNodes();
    linkParents();
    describeMinima();
    result_.tree.arcOfVertex.reserve(whole_.arcOfVertex.size());
    for (const std::int32_t arc : whole_.arcOfVertex) {
      result_.tree.arcOfVertex.push_back(arc < 0 ? arc : result_.nodeOrBelow[at(arc)]);
    }
    linkChildren(result_.tree);
    return std::move(result_);
  }

 private:
  bool onKeptBranch(std::size_t node) const { return kept_[at(branches_.branchOfNode[node])]; }

  void add(std::size_t node, NodeKind kind) {
    newNode_[node] = static_cast<std::int32_t>(result_.tree.nodes.size());
    result_.tree.nodes.push_back({whole_.nodes[node].vertex, whole_.nodes[node].value, -1, kind});
  }

  /// Leaves, then saddles, then roots. Saddles that nothing meets at any more are no nodes, or the
  /// roots of their components.
  void addNodes() {
    newNode_.assign(whole_.nodes.size(), kDropped);
    std::vector<bool> meets(whole_.nodes.size(), false);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (kept_[i]) {
        add(i, whole_.nodes[i].kind);
        if (branches_.branches[i].parent >= 0) {
          meets[at(branches_.branches[i].top)] = true;
        }
      }
    }
    result_.tree.minimaCount = result_.tree.nodes.size();
    std::vector<std::size_t> roots;
    for (std::size_t i = whole_.minimaCount; i < whole_.nodes.size(); ++i) {
      if (meets[i]) {
        add(i, NodeKind::saddle);
      } else if (whole_.nodes[i].parent < 0) {
        roots.push_back(i);
      }
    }
    std::sort(roots.begin(), roots.end(), [this](std::size_t a, std::size_t b) {
      return isEarlier(whole_.nodes[a], whole_.nodes[b]);
    });
    for (const std::size_t root : roots) {
      add(root, NodeKind::root);
    }
  }

  bool isEarlier(const TreeNode& a, const TreeNode& b) const {
    const bool before = a.value < b.value || (a.value == b.value && a.vertex < b.vertex);
    return before == (whole_.levels == Levels::sublevel);
  }

  void placeDroppedNodes() {
    result_.nodeOrBelow = newNode_;
    auto& below = result_.nodeOrBelow;
    // Up the kept branches: a child comes before its parent.
    for (std::size_t node = whole_.minimaCount; node < below.size(); ++node) {
      if (below[node] == kDropped && onKeptBranch(node)) {
        below[node] = below[at(whole_.children(static_cast<std::int32_t>(node))[0])];
      }
    }
    // Down the others, which end on a branch that was placed before them.
    for (std::size_t node = below.size(); node-- > 0;) {
      if (!onKeptBranch(node)) {
        below[node] = below[at(branches_.branches[at(branches_.branchOfNode[node])].top)];
      }
    }
  }

  void linkParents() {
    std::vector<std::int32_t> nodeOrAbove = newNode_;
    for (std::size_t node = whole_.nodes.size(); node-- > 0;) {
      const std::int32_t parent = whole_.nodes[node].parent;
      const std::int32_t above = parent < 0 ? -1 : nodeOrAbove[at(parent)];
      if (newNode_[node] != kDropped) {
        result_.tree.nodes[at(newNode_[node])].parent = above;
      } else {
        nodeOrAbove[node] = above;
      }
    }
  }

  void describeMinima() {
    result_.minimumOf = newNode_;
    result_.minimumOf.resize(whole_.minimaCount);
    result_.tree.basinSizes.assign(result_.tree.minimaCount, 0);
    for (std::size_t i = 0; i < whole_.minimaCount; ++i) {
      result_.tree.basinSizes[at(drain(i))] += whole_.basinSizes[i];
    }
    result_.tree.deathOfMinimum.assign(result_.tree.minimaCount, -1);
    result_.tree.spillOfMinimum.assign(result_.tree.minimaCount, -1);
    for (std::size_t i = 0; i < whole_.minimaCount; ++i) {
      const Branch& branch = branches_.branches[i];
      if (kept_[i] && branch.parent >= 0) {
        const std::size_t own = at(newNode_[i]);
        result_.tree.deathOfMinimum[own] = newNode_[at(branch.top)];
        result_.tree.spillOfMinimum[own] = result_.minimumOf[at(whole_.spillOfMinimum[i])];
      }
    }
  }

  /// The kept minimum that a minimum drains into: from one filled basin it spills into the next.
  /// That never comes back: what spills at a saddle arrives in another component of the levels
  /// below it, whose own saddles are lower until its eldest minimum spills at a higher one.
  std::int32_t drain(std::size_t minimum) {
    std::size_t last = minimum;
    while (result_.minimumOf[last] == kDropped) {
      last = at(whole_.spillOfMinimum[last]);
    }
    const std::int32_t kept = result_.minimumOf[last];
    while (result_.minimumOf[minimum] == kDropped) {
      result_.minimumOf[minimum] = kept;
      minimum = at(whole_.spillOfMinimum[minimum]);
    }
    return kept;
  }

  const MergeTree& whole_;
  const BranchDecomposition& branches_;
  std::vector<bool> kept_;             ///< per branch
  std::vector<std::int32_t> newNode_;  ///< per node of the whole tree
  SimplifiedTree result_;
};

}  // namespace

SimplifiedTree simplify(const MergeTree& tree, const BranchDecomposition& branches,
                        double threshold) {
  return Simplification(tree, branches, threshold).run();
}

std::vector<std::int32_t> simplifiedBasins(const Basins& basins, const SimplifiedTree& simplified) {
  std::vector<std::int32_t> result;
  result.reserve(basins.basinOfVertex.size());
  for (const std::int32_t basin : basins.basinOfVertex) {
    result.push_back(basin < 0 ? basin : simplified.minimumOf[at(basin)]);
  }
  return result;
}

}  // namespace tarn
