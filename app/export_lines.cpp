#include "app/export_lines.h"

#include <span>

#include "app/export_cells.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

/// x, y, z from a place on the axes, whose last is x.
std::array<double, 3> inSpace(const std::vector<double>& place, double value) {
  if (place.size() > 3) {
    throw Error(
        ErrorCode::unsupported,
        "A .vtp file lies in space, and this grid has " + std::to_string(place.size()) + " axes.",
        "Write .npz, .h5, .csv or .json.");
  }
  std::array<double, 3> point{0.0, 0.0, place.size() < 3 ? value : 0.0};
  for (std::size_t i = 0; i < place.size(); ++i) {
    point[place.size() - 1 - i] = place[i];
  }
  return point;
}

/// Nodes are points, arcs are lines between two of them.
template <class Node, class Kind>
PolyLines treeLines(const ScalarGrid& grid, const std::vector<Node>& nodes,
                    const std::vector<std::array<std::int32_t, 2>>& arcs, const Kind& kindOf) {
  PolyLines result;
  for (const Node& node : nodes) {
    result.points.push_back(inSpace(placeOf(grid, node.vertex), node.value));
    result.ofPoints["value"].push_back(node.value);
    result.ofPoints["vertex"].push_back(static_cast<double>(node.vertex));
    result.ofPoints["kind"].push_back(kindOf(node));
  }
  for (const auto& [lower, upper] : arcs) {
    result.lines.push_back({lower, upper});
    result.ofLines["rise"].push_back(nodes[static_cast<std::size_t>(upper)].value -
                                     nodes[static_cast<std::size_t>(lower)].value);
  }
  return result;
}

}  // namespace

PolyLines linesOf(const ScalarGrid& grid, const MergeTree& tree) {
  return treeLines(grid, tree.nodes, tree.arcs(),
                   [](const TreeNode& node) { return static_cast<double>(node.kind); });
}

PolyLines linesOf(const ScalarGrid& grid, const ContourTree& tree) {
  return treeLines(grid, tree.nodes, tree.arcs, [](const ContourNode& node) {
    const auto kind = node.arcsBelow == 0   ? NodeKind::minimum
                      : node.arcsAbove == 0 ? NodeKind::maximum
                                            : NodeKind::saddle;
    return static_cast<double>(kind);
  });
}

PolyLines linesOf(const ScalarGrid& grid, const MorseSmale& complex) {
  PolyLines result;
  const auto add = [&](std::span<const double> centre, double value, int index) {
    result.points.push_back(inSpace(coordinatesAt(grid, {centre.begin(), centre.end()}), value));
    result.ofPoints["value"].push_back(value);
    result.ofPoints["index"].push_back(index);
  };
  for (const CriticalCell& cell : complex.criticalCells) {
    add(cell.position, cell.value, cell.index);
  }
  for (const Separatrix& separatrix : complex.separatrices) {
    std::vector<std::int64_t> line;
    const std::size_t axes = grid.dimension();
    for (std::size_t i = 0; i < separatrix.vertices.size(); ++i) {
      line.push_back(static_cast<std::int64_t>(result.points.size()));
      add(std::span(separatrix.path).subspan(i * axes, axes), grid.value(separatrix.vertices[i]),
          -1);
    }
    result.lines.push_back(std::move(line));
    result.ofLines["saddle"].push_back(separatrix.saddle);
    result.ofLines["extremum"].push_back(separatrix.extremum);
  }
  return result;
}

}  // namespace tarn::app
