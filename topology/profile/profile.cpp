#include "topology/profile/profile.h"

#include <algorithm>

#include "topology/base/numbers.h"

namespace tarn {
namespace {

/// Places parts from `left` on, wide to narrow.
void placeSideBySide(std::vector<ProfilePart>& parts, std::vector<std::int32_t> nodes,
                     double left) {
  std::stable_sort(nodes.begin(), nodes.end(), [&](std::int32_t a, std::int32_t b) {
    return parts[at(a)].totalWidth > parts[at(b)].totalWidth;
  });
  for (const std::int32_t node : nodes) {
    const auto width = static_cast<double>(parts[at(node)].totalWidth);
    parts[at(node)].centre = left + 0.5 * width;
    left += width;
  }
}

/// Whether the levels that a tree follows reach b before a.
bool isLater(double a, double b, Levels levels) {
  return levels == Levels::sublevel ? a > b : a < b;
}

/// Sorts every arc's values into a list of their own.
void listValues(const ScalarGrid& grid, const MergeTree& tree, TopologicalProfile& profile) {
  std::vector<std::size_t> next(tree.nodes.size() + 1, 0);
  for (const std::int32_t arc : tree.arcOfVertex) {
    if (arc >= 0) {
      ++next[at(arc) + 1];
    }
  }
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    next[node + 1] += next[node];
    profile.parts[node].firstValue = next[node];
    profile.parts[node].totalWidth = static_cast<std::int64_t>(next[node + 1] - next[node]);
  }
  profile.values.resize(next.back());
  for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
    const std::int32_t arc = tree.arcOfVertex[vertex];
    if (arc >= 0) {
      const double end = tree.nodes[at(arc)].value;
      const double value = grid.values()[vertex];
      profile.values[next[at(arc)]++] = isLater(end, value, tree.levels) ? end : value;
    }
  }
  for (const ProfilePart& part : profile.parts) {
    const auto first = profile.values.begin() + static_cast<std::ptrdiff_t>(part.firstValue);
    std::sort(first, first + part.totalWidth,
              [&](double a, double b) { return isLater(b, a, tree.levels); });
  }
}

}  // namespace

std::span<const double> TopologicalProfile::valuesOf(const ProfilePart& part) const {
  return std::span(values).subspan(part.firstValue, at(part.totalWidth - part.childWidth));
}

std::int64_t TopologicalProfile::widthAt(const ProfilePart& part, double height) const {
  const auto own = valuesOf(part);
  const auto end = std::upper_bound(own.begin(), own.end(), height,
                                    [this](double a, double b) { return isLater(b, a, levels); });
  return part.childWidth + (end - own.begin());
}

TopologicalProfile topologicalProfile(const ScalarGrid& grid, const MergeTree& tree) {
  TopologicalProfile profile;
  profile.levels = tree.levels;
  profile.parts.resize(tree.nodes.size());
  listValues(grid, tree, profile);
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    // Children come before their parents.
    ProfilePart& part = profile.parts[node];
    const std::int32_t parent = tree.nodes[node].parent;
    part.node = static_cast<std::int32_t>(node);
    part.totalWidth += part.childWidth;
    part.bottom = tree.nodes[node].value;
    part.top = parent < 0 ? part.bottom : tree.nodes[at(parent)].value;
    if (parent >= 0) {
      profile.parts[at(parent)].childWidth += part.totalWidth;
    }
  }
  profile.width = static_cast<double>(profile.values.size());
  placeSideBySide(profile.parts, tree.roots(), 0.0);
  for (std::size_t node = tree.nodes.size(); node-- > 0;) {
    const auto children = tree.children(static_cast<std::int32_t>(node));
    const ProfilePart& part = profile.parts[node];
    placeSideBySide(profile.parts, {children.begin(), children.end()},
                    part.centre - 0.5 * static_cast<double>(part.childWidth));
  }
  return profile;
}

}  // namespace tarn
