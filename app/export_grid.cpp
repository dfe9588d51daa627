#include "app/export_cells.h"
#include "app/export_lines.h"
#include "app/exportable.h"
#include "topology/io/grid_io.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using Arrays = std::map<std::string, NdArray>;

json landscapeDocument(const ScalarGrid& grid, json document) {
  document["shape"] = grid.shape();
  document["axes"] = json::array();
  for (const Axis& axis : grid.axes()) {
    document["axes"].push_back(
        {{"label", axis.label}, {"unit", axis.unit}, {"coordinates", axis.coordinates}});
  }
  document["values"] = std::vector<double>(grid.values().begin(), grid.values().end());
  return document;
}

void landscapeTable(const ScalarGrid& grid, const RowSink& add) {
  add(joined(axisNames(grid), {"value"}));
  for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
    const auto id = static_cast<std::int64_t>(vertex);
    add(joined(placeTexts(grid, id), {text(grid.value(id))}));
  }
}

json treeDocument(const ScalarGrid& grid, const MergeTree& tree, json document) {
  document["shape"] = grid.shape();
  document["connectivity"] = toString(tree.connectivity);
  document["levels"] = tree.levels == Levels::sublevel ? "sublevel" : "superlevel";
  document["nodes"] = json::array();
  for (const TreeNode& node : tree.nodes) {
    document["nodes"].push_back({{"vertex", node.vertex},
                                 {"value", node.value},
                                 {"kind", toString(node.kind)},
                                 {"parent", node.parent},
                                 {"coordinates", placeOf(grid, node.vertex)}});
  }
  document["arcs"] = tree.arcs();
  document["roots"] = tree.roots();
  document["basin_sizes"] = tree.basinSizes;
  return document;
}

Arrays treeArrays(const ScalarGrid& grid, const MergeTree& tree) {
  std::vector<std::int64_t> vertices;
  std::vector<double> values;
  std::vector<std::int64_t> parents;
  std::vector<std::int64_t> kinds;
  for (const TreeNode& node : tree.nodes) {
    vertices.push_back(node.vertex);
    values.push_back(node.value);
    parents.push_back(node.parent);
    kinds.push_back(static_cast<std::int64_t>(node.kind));
  }
  const std::vector<std::int64_t> arcs(tree.arcOfVertex.begin(), tree.arcOfVertex.end());
  return {{"node_vertex", integers(vertices)},
          {"node_value", doubles(values)},
          {"node_parent", integers(parents)},
          {"node_kind", integers(kinds)},
          {"basin_sizes", integers(tree.basinSizes)},
          {"arc_of_vertex", NdArray::fromInt64(grid.shape(), arcs)}};
}

void treeTable(const ScalarGrid& grid, const MergeTree& tree, const RowSink& add) {
  add(joined({"node", "vertex", "kind", "value", "parent"}, axisNames(grid)));
  std::int64_t index = 0;
  for (const TreeNode& node : tree.nodes) {
    add(joined({text(index++), text(node.vertex), toString(node.kind), text(node.value),
                text(node.parent)},
               placeTexts(grid, node.vertex)));
  }
}

}  // namespace

Exportable exportLandscape(std::shared_ptr<const ScalarGrid> grid, const json& facts) {
  return {[=] { return landscapeDocument(*grid, facts); },
          [=] { return gridArrays(*grid); },
          [=] { return NdArray::fromDoubles(grid->shape(), grid->values()); },
          [=](const RowSink& add) { landscapeTable(*grid, add); },
          {},
          grid};
}

Exportable exportTree(std::shared_ptr<const ScalarGrid> grid, const AnalysisOptions& options,
                      const json& facts, const std::stop_token& stop) {
  const auto tree = std::make_shared<const MergeTree>(treeOf(*grid, options, stop));
  return {[=] { return treeDocument(*grid, *tree, facts); },
          [=] { return treeArrays(*grid, *tree); },
          {},
          [=](const RowSink& add) { treeTable(*grid, *tree, add); },
          [=] { return linesOf(*grid, *tree); }};
}

}  // namespace tarn::app
