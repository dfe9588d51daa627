#include "app/export_cells.h"
#include "app/exportable.h"
#include "topology/io/grid_io.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/persistence.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using Arrays = std::map<std::string, NdArray>;

/// The coordinates of a vertex on the axes of its grid.
std::vector<double> placeOf(const ScalarGrid& grid, std::int64_t vertex) {
  const auto indices = grid.indices(vertex);
  std::vector<double> place;
  for (std::size_t axis = 0; axis < indices.size(); ++axis) {
    place.push_back(grid.axes()[axis].coordinates[indices[axis]]);
  }
  return place;
}

std::vector<std::string> axisNames(const ScalarGrid& grid) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < grid.dimension(); ++i) {
    names.push_back("axis." + std::to_string(i));
  }
  return names;
}

std::vector<std::string> placeTexts(const ScalarGrid& grid, std::int64_t vertex) {
  std::vector<std::string> texts;
  for (const double coordinate : placeOf(grid, vertex)) {
    texts.push_back(text(coordinate));
  }
  return texts;
}

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

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

json persistenceDocument(const ScalarGrid& grid, const ZerothPersistence& persistence,
                         json document) {
  document["pairs"] = json::array();
  for (const PersistencePair& pair : persistence.pairs) {
    document["pairs"].push_back({{"birth", pair.birth},
                                 {"death", pair.death},
                                 {"birth_vertex", pair.birthVertex},
                                 {"death_vertex", pair.deathVertex}});
  }
  document["essential"] = json::array();
  for (const std::int64_t vertex : persistence.essential) {
    document["essential"].push_back({{"birth", grid.value(vertex)}, {"birth_vertex", vertex}});
  }
  return document;
}

Arrays persistenceArrays(const ZerothPersistence& persistence) {
  std::vector<double> values;
  std::vector<std::int64_t> vertices;
  for (const PersistencePair& pair : persistence.pairs) {
    values.insert(values.end(), {pair.birth, pair.death});
    vertices.insert(vertices.end(), {pair.birthVertex, pair.deathVertex});
  }
  const std::size_t count = persistence.pairs.size();
  return {{"pairs", NdArray::fromDoubles({count, 2}, values)},
          {"vertices", NdArray::fromInt64({count, 2}, vertices)},
          {"essential", integers(persistence.essential)}};
}

void persistenceTable(const ScalarGrid& grid, const ZerothPersistence& persistence,
                      const RowSink& add) {
  add({"birth", "death", "birth_vertex", "death_vertex"});
  for (const PersistencePair& pair : persistence.pairs) {
    add({text(pair.birth), text(pair.death), text(pair.birthVertex), text(pair.deathVertex)});
  }
  for (const std::int64_t vertex : persistence.essential) {
    add({text(grid.value(vertex)), "inf", text(vertex), ""});
  }
}

}  // namespace

Exportable exportLandscape(std::shared_ptr<const ScalarGrid> grid, const json& facts) {
  return {[=] { return landscapeDocument(*grid, facts); }, [=] { return gridArrays(*grid); },
          [=] { return NdArray::fromDoubles(grid->shape(), grid->values()); },
          [=](const RowSink& add) { landscapeTable(*grid, add); }};
}

Exportable exportTree(std::shared_ptr<const ScalarGrid> grid, Connectivity connectivity,
                      const json& facts) {
  const auto tree = std::make_shared<const MergeTree>(joinTree(*grid, connectivity));
  return {[=] { return treeDocument(*grid, *tree, facts); },
          [=] { return treeArrays(*grid, *tree); },
          {},
          [=](const RowSink& add) { treeTable(*grid, *tree, add); }};
}

Exportable exportPersistence(std::shared_ptr<const ScalarGrid> grid, Connectivity connectivity,
                             const json& facts) {
  const ZerothPersistence persistence = zerothPersistence(joinTree(*grid, connectivity));
  json head = facts;
  head["connectivity"] = toString(connectivity);
  return {[=] { return persistenceDocument(*grid, persistence, head); },
          [=] { return persistenceArrays(persistence); },
          {},
          [=](const RowSink& add) { persistenceTable(*grid, persistence, add); }};
}

}  // namespace tarn::app
