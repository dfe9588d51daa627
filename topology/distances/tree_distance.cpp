#include "topology/distances/tree_distance.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/base/stop.h"
#include "topology/distances/assignment.h"
#include "topology/merge_tree/branches.h"

namespace tarn {
namespace {

constexpr std::size_t kMostPairs = 25'000'000;

/// A tree with labels; the last node is a root above all components, children come before parents.
struct LabelledTree {
  struct Node {
    double birth = 0.0;
    double death = 0.0;
    std::vector<std::size_t> children;

    double removal() const { return 0.5 * std::abs(death - birth); }
  };
  std::vector<Node> nodes;

  explicit LabelledTree(const MergeTree& tree) : nodes(tree.nodes.size() + 1) {
    const BranchDecomposition branches = branchDecomposition(tree);
    std::vector<double> best(tree.nodes.size(), -1.0);
    const auto label = [&](std::int32_t node, const Branch& branch) {
      if (branch.persistence > best[at(node)]) {
        best[at(node)] = branch.persistence;
        nodes[at(node)].birth = tree.nodes[at(branch.minimum)].value;
        nodes[at(node)].death = tree.nodes[at(branch.top)].value;
      }
    };
    for (const Branch& branch : branches.branches) {
      label(branch.minimum, branch);
      label(branch.top, branch);
    }
    for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
      const std::int32_t parent = tree.nodes[node].parent;
      nodes[parent < 0 ? tree.nodes.size() : at(parent)].children.push_back(node);
    }
  }
};

/// Zhang's recursion. T(i) is the subtree under node i, F(i) the forest of its children.
class EditDistance {
 public:
  EditDistance(const LabelledTree& a, const LabelledTree& b)
      : a_(a.nodes),
        b_(b.nodes),
        trees_(a_.size() * b_.size()),
        forests_(a_.size() * b_.size()),
        removed_(removal(a_)),
        inserted_(removal(b_)) {}

  double run(const std::stop_token& stop) {
    for (std::size_t i = 0; i < a_.size(); ++i) {
      throwIfStopped(stop, "the tree edit distance");
      for (std::size_t j = 0; j < b_.size(); ++j) {
        forests_[i * b_.size() + j] = forestDistance(i, j);
        trees_[i * b_.size() + j] = treeDistance(i, j);
      }
    }
    return trees_.back();
  }

 private:
  using Nodes = std::vector<LabelledTree::Node>;
  struct Removal {
    std::vector<double> tree;
    std::vector<double> forest;
  };

  static Removal removal(const Nodes& nodes) {
    Removal cost{std::vector<double>(nodes.size()), std::vector<double>(nodes.size(), 0.0)};
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      for (const std::size_t child : nodes[node].children) {
        cost.forest[node] += cost.tree[child];
      }
      cost.tree[node] = cost.forest[node] + nodes[node].removal();
    }
    return cost;
  }

  double tree(std::size_t i, std::size_t j) const { return trees_[i * b_.size() + j]; }
  double forest(std::size_t i, std::size_t j) const { return forests_[i * b_.size() + j]; }

  double relabel(std::size_t i, std::size_t j) const {
    return std::min(
        std::max(std::abs(a_[i].birth - b_[j].birth), std::abs(a_[i].death - b_[j].death)),
        a_[i].removal() + b_[j].removal());
  }

  double forestDistance(std::size_t i, std::size_t j) const {
    double best = match(a_[i].children, b_[j].children);
    for (const std::size_t child : b_[j].children) {
      best = std::min(best, inserted_.forest[j] + forest(i, child) - inserted_.forest[child]);
    }
    for (const std::size_t child : a_[i].children) {
      best = std::min(best, removed_.forest[i] + forest(child, j) - removed_.forest[child]);
    }
    return best;
  }

  double treeDistance(std::size_t i, std::size_t j) const {
    double best = forest(i, j) + relabel(i, j);
    for (const std::size_t child : b_[j].children) {
      best = std::min(best, inserted_.tree[j] + tree(i, child) - inserted_.tree[child]);
    }
    for (const std::size_t child : a_[i].children) {
      best = std::min(best, removed_.tree[i] + tree(child, j) - removed_.tree[child]);
    }
    return best;
  }

  double match(const std::vector<std::size_t>& rows,
               const std::vector<std::size_t>& columns) const {
    std::vector<double> rowAlone;
    std::vector<double> columnAlone;
    rowAlone.reserve(rows.size());
    columnAlone.reserve(columns.size());
    for (const std::size_t row : rows) {
      rowAlone.push_back(removed_.tree[row]);
    }
    for (const std::size_t column : columns) {
      columnAlone.push_back(inserted_.tree[column]);
    }
    return leastAssignment(rowAlone, columnAlone, [&](std::size_t row, std::size_t column) {
      return tree(rows[row], columns[column]);
    });
  }

  const Nodes& a_;
  const Nodes& b_;
  std::vector<double> trees_;    ///< per pair of nodes
  std::vector<double> forests_;  ///< per pair of nodes
  Removal removed_;
  Removal inserted_;
};

}  // namespace

double treeEditDistance(const MergeTree& a, const MergeTree& b, const std::stop_token& stop) {
  if (a.levels != b.levels) {
    throw Error(ErrorCode::usage, "A join tree and a split tree have no edit distance.",
                "Compare trees of the same level sets.");
  }
  if (a.nodes.size() >= kMostPairs / (b.nodes.size() + 1)) {
    throw Error(ErrorCode::unsupported,
                "Trees of " + std::to_string(a.nodes.size()) + " and " +
                    std::to_string(b.nodes.size()) +
                    " nodes are too large for the edit distance (at most 25 million pairs).",
                "Simplify them at a persistence threshold first.");
  }
  return EditDistance(LabelledTree(a), LabelledTree(b)).run(stop);
}

}  // namespace tarn
