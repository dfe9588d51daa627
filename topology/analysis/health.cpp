#include "topology/analysis/health.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace tarn {
namespace {

constexpr std::size_t kSmallestForSerpentine = 8;
constexpr double kSerpentineRatio = 0.7;

/// A 2D grid as lines: line l, place p along it.
struct Lines {
  const ScalarGrid& grid;
  std::size_t axis;

  std::size_t count() const { return grid.axes()[axis].coordinates.size(); }
  std::size_t length() const { return grid.axes()[1 - axis].coordinates.size(); }
  double at(std::size_t line, std::size_t place) const {
    const std::size_t id = axis == 0 ? line * length() + place : place * count() + line;
    return grid.values()[id];
  }
};

/// Mean |second difference| across the lines when odd lines are read `shift` places further on.
/// The places at both ends are left out, so that every shift uses the same ones.
double roughnessAcross(const Lines& lines, int shift) {
  double sum = 0.0;
  std::size_t count = 0;
  const auto read = [&](std::size_t line, std::size_t place) {
    const auto moved = static_cast<std::size_t>(static_cast<std::int64_t>(place) + shift);
    return lines.at(line, line % 2 == 1 ? moved : place);
  };
  for (std::size_t line = 1; line + 1 < lines.count(); ++line) {
    for (std::size_t place = 1; place + 1 < lines.length(); ++place) {
      const double second = read(line - 1, place) - 2.0 * read(line, place) + read(line + 1, place);
      if (std::isfinite(second)) {
        sum += std::abs(second);
        ++count;
      }
    }
  }
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

bool onBoundary(const ScalarGrid& grid, std::int64_t vertex) {
  const auto indices = grid.indices(vertex);
  for (std::size_t axis = 0; axis < indices.size(); ++axis) {
    const std::size_t length = grid.axes()[axis].coordinates.size();
    if (length > 1 && (indices[axis] == 0 || indices[axis] + 1 == length)) {
      return true;
    }
  }
  return false;
}

HealthFinding boundaryFinding(std::size_t onIt, std::size_t minima, bool lowest) {
  std::string message = std::to_string(onIt) + " of " + std::to_string(minima) +
                        " minima lie on the boundary of the grid";
  message += lowest ? ", the lowest among them: the range may be too small to hold the basin."
                    : ": they may only be where the grid ends.";
  return {"boundary-minimum", message, false};
}

}  // namespace

SerpentineCheck serpentineCheck(const ScalarGrid& grid) {
  SerpentineCheck best;
  const auto shape = grid.shape();
  if (shape.size() != 2 || std::min(shape[0], shape[1]) < kSmallestForSerpentine) {
    return best;
  }
  for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
    const Lines lines{grid, axis};
    const double before = roughnessAcross(lines, 0);
    for (const int shift : {-1, 1}) {
      const double ratio = before > 0.0 ? roughnessAcross(lines, shift) / before : 1.0;
      if (ratio < best.ratio) {
        best = {ratio, axis, shift};
      }
    }
  }
  return best;
}

std::vector<HealthFinding> checkHealth(const ScalarGrid& grid, const MergeTree& tree) {
  std::vector<HealthFinding> findings;
  if (grid.maskedCount() > 0) {
    findings.push_back({"masked",
                        std::to_string(grid.maskedCount()) + " of " + std::to_string(grid.size()) +
                            " values are not finite; they belong to no component.",
                        false});
  }
  if (tree.nodes.empty()) {
    return findings;
  }
  const auto [low, high] =
      std::minmax_element(tree.nodes.begin(), tree.nodes.end(),
                          [](const TreeNode& a, const TreeNode& b) { return a.value < b.value; });
  if (low->value == high->value) {
    findings.push_back(
        {"constant", "All values are the same; there is nothing to measure.", false});
    return findings;
  }
  const auto minima = static_cast<std::ptrdiff_t>(tree.minimaCount);
  const auto boundary = static_cast<std::size_t>(
      std::count_if(tree.nodes.begin(), tree.nodes.begin() + minima,
                    [&](const TreeNode& node) { return onBoundary(grid, node.vertex); }));
  if (boundary > 0) {
    findings.push_back(
        boundaryFinding(boundary, tree.minimaCount, onBoundary(grid, tree.nodes[0].vertex)));
  }
  const SerpentineCheck serpentine = serpentineCheck(grid);
  if (serpentine.ratio <= kSerpentineRatio) {
    findings.push_back(
        {"serpentine",
         "Every second line along axis " + std::to_string(serpentine.lineAxis) +
             " seems displaced by one step: moving those lines back cuts the roughness across "
             "lines to " +
             std::to_string(std::lround(100.0 * serpentine.ratio)) + " %.",
         true});
  }
  return findings;
}

}  // namespace tarn
