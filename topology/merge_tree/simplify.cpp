#include "topology/merge_tree/simplify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <tbb/parallel_invoke.h>

#include "topology/base/large_pages.h"
#include "topology/base/numbers.h"

namespace tarn {
namespace {

constexpr std::int32_t kDropped = -1;

/// Looks every index up in a table; a negative one stays.
std::vector<std::int32_t> lookedUp(const std::vector<std::int32_t>& indices,
                                   const std::vector<std::int32_t>& table) {
  std::vector<std::int32_t> result;
  reserveInLargePages(result, indices.size());
  result.resize(indices.size());
  std::transform(indices.begin(), indices.end(), result.begin(),
                 [&](std::int32_t index) { return index < 0 ? index : table[at(index)]; });
  return result;
}

}  // namespace

Simplification::Simplification(const MergeTree& tree, const BranchDecomposition& branches)
    : levels_(tree.levels),
      connectivity_(tree.connectivity),
      minimaCount_(tree.minimaCount),
      nodes_(tree.nodes) {
  placeNodes(tree);
  lifetime_.assign(nodes_.size(), -kInfinity);
  deathAt_.assign(nodes_.size(), -1);
  spillAt_.assign(nodes_.size(), -1);
  basinSizeAt_.assign(nodes_.size(), 0);
  for (std::size_t i = 0; i < minimaCount_; ++i) {
    const Branch& branch = branches.branches[i];
    const std::size_t place = at(placeOf_[i]);
    basinSizeAt_[place] = static_cast<std::int32_t>(tree.basinSizes[i]);
    if (branch.parent < 0) {
      lifetime_[i] = std::numeric_limits<double>::quiet_NaN();
    } else {
      lifetime_[i] = branch.persistence;
      lifetime_[at(branch.top)] = std::max(lifetime_[at(branch.top)], branch.persistence);
      deathAt_[place] = placeOf_[at(branch.top)];
      spillAt_[place] = placeOf_[at(tree.spillOfMinimum[i])];
    }
  }
  lifetimeAt_.resize(nodes_.size());
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    lifetimeAt_[at(placeOf_[node])] = lifetime_[node];
  }
  arcAt_ = lookedUp(tree.arcOfVertex, placeOf_);
}

Simplification::Simplification(const MergeTree& tree, const BranchDecomposition& branches,
                               const Basins& basins)
    : Simplification(tree, branches) {
  basinAt_ = lookedUp(basins.basinOfVertex, placeOf_);
}

void Simplification::placeNodes(const MergeTree& tree) {
  placeOf_.resize(nodes_.size());
  parentAt_.reserve(nodes_.size());
  std::vector<std::int32_t> waiting = tree.roots();
  while (!waiting.empty()) {
    const std::int32_t node = waiting.back();
    waiting.pop_back();
    placeOf_[at(node)] = static_cast<std::int32_t>(parentAt_.size());
    const std::int32_t parent = nodes_[at(node)].parent;
    parentAt_.push_back(parent < 0 ? -1 : placeOf_[at(parent)]);
    const auto children = tree.children(node);
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  }
}

/// One threshold.
class Simplification::Step {
 public:
  Step(const Simplification& whole, double threshold)
      : whole_(whole), threshold_(threshold), count_(whole.nodes_.size()) {}

  SimplifiedTree run() {
    tree_.levels = whole_.levels_;
    tree_.connectivity = whole_.connectivity_;
    std::vector<std::int32_t> basinOfVertex;
    // What goes on side by side writes different things and reads nothing of each other's.
    tbb::parallel_invoke([this] { countNodes(); }, [this] { drain(); });
    tbb::parallel_invoke(
        [this] {
          findNodesAbove();
          addNodes();
          linkChildren();
        },
        [this, &basinOfVertex] {
          findMinima();
          describeMinima();
          basinOfVertex = lookedUp(whole_.basinAt_, minimumAt_);
        },
        [this] {
          findNodesBelow();
          tree_.arcOfVertex = lookedUp(whole_.arcAt_, belowAt_);
        });
    return {std::move(tree_), std::move(basinOfVertex)};
  }

 private:
  bool isKept(std::size_t node) const { return !(whole_.lifetime_[node] <= threshold_); }
  bool isLeaf(std::size_t place) const {
    return place + 1 == count_ || whole_.parentAt_[place + 1] != static_cast<std::int32_t>(place);
  }

  /// Gives the nodes that are left their new indices: leaves, saddles, then roots. Saddles that
  /// nothing meets at any more are no nodes, or the roots of their components.
  void countNodes() {
    newAt_.assign(count_, kDropped);
    std::int32_t next = 0;
    for (std::size_t node = 0; node < count_; ++node) {
      if (node == whole_.minimaCount_) {
        tree_.minimaCount = at(next);
      }
      if (isKept(node)) {
        newAt_[at(whole_.placeOf_[node])] = next++;
      } else if (whole_.nodes_[node].parent < 0) {
        roots_.push_back(node);
      }
    }
    if (count_ == whole_.minimaCount_) {
      tree_.minimaCount = at(next);
    }
    std::sort(roots_.begin(), roots_.end(), [this](std::size_t a, std::size_t b) {
      return isEarlier(whole_.nodes_[a], whole_.nodes_[b]);
    });
    for (const std::size_t root : roots_) {
      newAt_[at(whole_.placeOf_[root])] = next++;
    }
    left_ = at(next);
  }

  bool isEarlier(const TreeNode& a, const TreeNode& b) const {
    const bool before = a.value < b.value || (a.value == b.value && a.vertex < b.vertex);
    return before == (whole_.levels_ == Levels::sublevel);
  }

  void findNodesBelow() {
    belowAt_ = newAt_;
    // Up the kept branches: a node's elder child has the place behind it.
    for (std::size_t place = count_; place-- > 0;) {
      if (belowAt_[place] == kDropped && !isLeaf(place)) {
        belowAt_[place] = belowAt_[place + 1];
      }
    }
    // Down the others, which end on a branch that was placed before them.
    for (std::size_t place = 0; place < count_; ++place) {
      if (belowAt_[place] == kDropped) {
        belowAt_[place] = belowAt_[at(whole_.parentAt_[place])];
      }
    }
  }

  void findNodesAbove() {
    aboveAt_.resize(count_);
    for (std::size_t place = 0; place < count_; ++place) {
      const std::int32_t parent = whole_.parentAt_[place];
      if (parent < 0) {
        aboveAt_[place] = -1;
      } else {
        aboveAt_[place] =
            newAt_[at(parent)] != kDropped ? newAt_[at(parent)] : aboveAt_[at(parent)];
      }
    }
  }

  void addNodes() {
    reserveInLargePages(tree_.nodes, left_);
    const auto add = [this](std::size_t node, NodeKind kind) {
      const TreeNode& whole = whole_.nodes_[node];
      tree_.nodes.push_back({whole.vertex, whole.value, aboveAt_[at(whole_.placeOf_[node])], kind});
    };
    for (std::size_t node = 0; node < count_; ++node) {
      if (isKept(node)) {
        add(node, whole_.nodes_[node].kind);
      }
    }
    for (const std::size_t root : roots_) {
      add(root, NodeKind::root);
    }
  }

  /// In depth-first order the children of a node come elder first.
  void linkChildren() {
    auto& offsets = tree_.childOffsets;
    offsets.assign(left_ + 1, 0);
    for (const TreeNode& node : tree_.nodes) {
      if (node.parent >= 0) {
        ++offsets[at(node.parent)];
      }
    }
    std::int32_t end = 0;
    for (std::int32_t& offset : offsets) {
      const std::int32_t children = offset;
      offset = end;
      end += children;
    }
    tree_.childIndices.resize(at(end));
    for (std::size_t place = 0; place < count_; ++place) {
      if (newAt_[place] != kDropped && aboveAt_[place] >= 0) {
        tree_.childIndices[at(offsets[at(aboveAt_[place])]++)] = newAt_[place];
      }
    }
    // Every offset has become the next one's.
    std::copy_backward(offsets.begin(), offsets.end() - 1, offsets.end());
    offsets[0] = 0;
  }

  /// Finds the kept minimum that each drains into: from one filled basin it spills into the next.
  /// That never comes back: what spills at a saddle arrives in another component of the levels
  /// below it, whose own saddles are lower until its eldest minimum spills at a higher one.
  void drain() {
    drainAt_.resize(count_);
    for (std::size_t place = 0; place < count_; ++place) {
      const bool kept = !(whole_.lifetimeAt_[place] <= threshold_);
      drainAt_[place] = kept ? static_cast<std::int32_t>(place) : kDropped;
    }
    basinSizeAt_ = whole_.basinSizeAt_;
    for (std::size_t place = 0; place < count_; ++place) {
      if (drainAt_[place] != kDropped || !isLeaf(place)) {
        continue;
      }
      std::size_t last = place;
      while (drainAt_[last] == kDropped) {
        last = at(whole_.spillAt_[last]);
      }
      const std::int32_t end = drainAt_[last];
      for (last = place; drainAt_[last] == kDropped; last = at(whole_.spillAt_[last])) {
        drainAt_[last] = end;
        basinSizeAt_[at(end)] += whole_.basinSizeAt_[last];
      }
    }
  }

  void findMinima() {
    minimumAt_ = std::move(drainAt_);
    for (std::size_t place = 0; place < count_; ++place) {
      if (isLeaf(place)) {
        minimumAt_[place] = newAt_[at(minimumAt_[place])];
      }
    }
  }

  /// Place by place, where what is read lies together; in the order of the minima it would not.
  void describeMinima() {
    struct Minimum {
      std::int32_t basinSize;
      std::int32_t death;
      std::int32_t spill;
    };
    std::vector<Minimum> minima(tree_.minimaCount);
    for (std::size_t place = 0; place < count_; ++place) {
      if (newAt_[place] != kDropped && isLeaf(place)) {
        const std::int32_t death = whole_.deathAt_[place];
        minima[at(newAt_[place])] = {basinSizeAt_[place], death < 0 ? -1 : newAt_[at(death)],
                                     death < 0 ? -1 : minimumAt_[at(whole_.spillAt_[place])]};
      }
    }
    const auto each = [&minima](auto part, auto& parts) {
      parts.resize(minima.size());
      std::ranges::transform(minima, parts.begin(), part);
    };
    each(&Minimum::basinSize, tree_.basinSizes);
    each(&Minimum::death, tree_.deathOfMinimum);
    each(&Minimum::spill, tree_.spillOfMinimum);
  }

  const Simplification& whole_;
  double threshold_;
  std::size_t count_;               ///< nodes of the whole tree
  std::size_t left_ = 0;            ///< nodes of the simplified one
  std::vector<std::size_t> roots_;  ///< those of the whole tree that become roots, lowest first
  // Per place:
  std::vector<std::int32_t> drainAt_;      ///< for a minimum: the place of the one it drains into
  std::vector<std::int32_t> basinSizeAt_;  ///< for a kept minimum: with what drains into it
  // and, indices of the simplified tree,
  std::vector<std::int32_t> newAt_;      ///< of the node itself, or kDropped
  std::vector<std::int32_t> belowAt_;    ///< of it or else of the one below it
  std::vector<std::int32_t> aboveAt_;    ///< of the one above it, or −1
  std::vector<std::int32_t> minimumAt_;  ///< for a minimum: of the one that it drains into
  MergeTree tree_;
};

SimplifiedTree Simplification::above(double threshold) const {
  return Step(*this, threshold).run();
}

}  // namespace tarn
