#include "topology/analysis/health.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <format>
#include <limits>

#include "topology/analysis/serpentine.h"
#include "topology/persistence/persistence.h"

namespace tarn {
namespace {

/// Shares of a grid above which a finding is worth a user's time.
constexpr double kManyEqual = 0.01;
constexpr double kManySmall = 0.5;

using Findings = std::vector<HealthFinding>;

void add(Findings& findings, const char* code, std::string message, bool repairable = false) {
  findings.push_back({code, std::move(message), repairable});
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

void checkBoundary(const ScalarGrid& grid, const MergeTree& tree, Findings& findings) {
  const auto minima = static_cast<std::ptrdiff_t>(tree.minimaCount);
  const auto onIt =
      std::count_if(tree.nodes.begin(), tree.nodes.begin() + minima,
                    [&](const TreeNode& node) { return onBoundary(grid, node.vertex); });
  if (minima == 1 && onIt == 1) {
    add(findings, "boundary-minimum",
        "The only minimum lies on the boundary of the grid: the range may be too small to hold the "
        "basin.");
  } else if (onIt > 0) {
    const bool lowest = onBoundary(grid, tree.nodes[0].vertex);
    add(findings, "boundary-minimum",
        std::format("{} of {} minima {} on the boundary of the grid{}", onIt, minima,
                    onIt == 1 ? "lies" : "lie",
                    lowest      ? ", the lowest too: the range may be too small to hold the basin."
                    : onIt == 1 ? ": it may only be where the grid ends."
                                : ": they may only be where the grid ends."));
  }
}

/// How many pairs of neighbours along an axis there are, and how many hold the same value.
struct EqualNeighbours {
  std::size_t pairs = 0;
  std::size_t equal = 0;
};

EqualNeighbours equalNeighbours(const ScalarGrid& grid) {
  EqualNeighbours result;
  const auto values = grid.values();
  std::size_t stride = 1;
  const auto shape = grid.shape();
  for (std::size_t axis = shape.size(); axis-- > 0; stride *= shape[axis]) {
    const std::size_t block = stride * shape[axis];
    for (std::size_t start = 0; start < values.size(); start += block) {
      for (std::size_t i = start; i + stride < start + block; ++i) {
        const bool both = std::isfinite(values[i]) && std::isfinite(values[i + stride]);
        result.pairs += both ? 1 : 0;
        result.equal += both && values[i] == values[i + stride] ? 1 : 0;
      }
    }
  }
  return result;
}

void checkPlateaus(const ScalarGrid& grid, double highest, Findings& findings) {
  const EqualNeighbours neighbours = equalNeighbours(grid);
  const auto among = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) > kManyEqual * static_cast<double>(whole);
  };
  if (among(neighbours.equal, neighbours.pairs)) {
    add(findings, "plateau",
        std::format("{} of {} pairs of neighbours hold the same value: parts of the landscape are "
                    "flat, or its values are rounded.",
                    neighbours.equal, neighbours.pairs));
  }
  const auto values = grid.values();
  const auto atTop = static_cast<std::size_t>(std::count(values.begin(), values.end(), highest));
  // A symmetric landscape is highest in all its corners.
  const std::size_t corners = std::size_t{1} << std::min<std::size_t>(grid.dimension(), 60);
  if (atTop > corners && among(atTop, values.size())) {
    add(findings, "saturated",
        std::format("{} of {} values are the highest, {:.6g}: the loss seems to be clipped there.",
                    atTop, values.size(), highest));
  }
}

void checkNoise(const ScalarGrid& grid, const MergeTree& tree, Findings& findings) {
  const double threshold = 2.0 * roundingFloor(grid);
  const auto pairs = zerothPersistence(tree).pairs;
  const auto noise = std::count_if(pairs.begin(), pairs.end(), [&](const PersistencePair& pair) {
    return pair.persistence() <= threshold;
  });
  if (noise > 0) {
    add(findings, "noise",
        std::format("{} of {} minima {} no deeper than {:.3g}, twice the rounding of the values: "
                    "{}.",
                    noise, tree.minimaCount, noise == 1 ? "is" : "are", threshold,
                    noise == 1 ? "it is no feature" : "they are no features"));
  }
}

void checkResolution(const ScalarGrid& grid, const MergeTree& tree, Findings& findings) {
  // A minimum and its neighbours along the axes.
  const auto smallest = static_cast<std::int64_t>(2 * grid.dimension() + 1);
  const auto small = std::count_if(tree.basinSizes.begin(), tree.basinSizes.end(),
                                   [&](std::int64_t vertices) { return vertices <= smallest; });
  if (tree.minimaCount > 1 &&
      static_cast<double>(small) > kManySmall * static_cast<double>(tree.minimaCount)) {
    add(findings, "coarse",
        std::format("{} of {} basins {} one cell wide: the grid is too coarse for what it shows, "
                    "or shows noise.",
                    small, tree.minimaCount, small == 1 ? "is" : "are"));
  }
}

void checkCentre(const ScalarGrid& grid, double modelLoss, Findings& findings) {
  std::int64_t centre = 0;
  for (const Axis& axis : grid.axes()) {
    const auto& all = axis.coordinates;
    const auto model =
        std::ranges::min_element(all, {}, [](double coordinate) { return std::abs(coordinate); });
    constexpr double kRounding = 1e-9;
    if (std::abs(*model) > kRounding * (all.back() - all.front())) {
      return;  // the model lies between vertices
    }
    centre = centre * static_cast<std::int64_t>(all.size()) + (model - all.begin());
  }
  const double shown = grid.value(centre);
  // Sums over a data set differ by their order: a thousand roundings in single precision.
  constexpr double kTolerance = 1e3 * std::numeric_limits<float>::epsilon();
  if (std::isfinite(shown) &&
      std::abs(shown - modelLoss) > kTolerance * std::max(1.0, std::abs(modelLoss))) {
    add(findings, "off-centre",
        std::format("The origin of the grid shows a loss of {:.8g}, the model itself has {:.8g}: "
                    "they were not evaluated alike.",
                    shown, modelLoss));
  }
}

}  // namespace

double roundingFloor(const ScalarGrid& grid) {
  double largest = 0.0;
  bool single = true;
  for (const double value : grid.values()) {
    if (std::isfinite(value)) {
      largest = std::max(largest, std::abs(value));
      single = single && static_cast<double>(static_cast<float>(value)) == value;
    }
  }
  return largest * (single ? static_cast<double>(std::numeric_limits<float>::epsilon())
                           : std::numeric_limits<double>::epsilon());
}

Findings checkHealth(const ScalarGrid& grid, const MergeTree& tree,
                     std::optional<double> modelLoss) {
  Findings findings;
  if (grid.maskedCount() > 0) {
    add(findings, "masked",
        grid.maskedCount() == 1
            ? std::format("1 of {} values is not finite; it belongs to no component.", grid.size())
            : std::format("{} of {} values are not finite; they belong to no component.",
                          grid.maskedCount(), grid.size()));
  }
  if (tree.nodes.empty()) {
    return findings;
  }
  const auto [low, high] =
      std::minmax_element(tree.nodes.begin(), tree.nodes.end(),
                          [](const TreeNode& a, const TreeNode& b) { return a.value < b.value; });
  if (low->value == high->value) {
    add(findings, "constant", "All values are the same; there is nothing to measure.");
    return findings;
  }
  checkPlateaus(grid, high->value, findings);
  checkBoundary(grid, tree, findings);
  checkNoise(grid, tree, findings);
  checkResolution(grid, tree, findings);
  if (modelLoss) {
    checkCentre(grid, *modelLoss, findings);
  }
  if (const SerpentineCheck check = serpentineCheck(grid); check.isDisplaced()) {
    add(findings, "serpentine",
        std::format("Every second line along axis {} seems displaced by one step: moving those "
                    "lines back cuts the roughness across lines to {} %.",
                    check.lineAxis, std::lround(100.0 * check.ratio)),
        true);
  }
  return findings;
}

}  // namespace tarn
