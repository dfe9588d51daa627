#include "app/export_cells.h"
#include "app/export_lines.h"
#include "app/exportable.h"
#include "topology/analysis/basin_metrics.h"
#include "topology/contour_tree/contour_tree.h"
#include "topology/morse_smale/morse_smale.h"
#include "topology/profile/profile.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using Arrays = std::map<std::string, NdArray>;

const char* kindOf(const ContourNode& node) {
  return node.arcsBelow == 0 ? "minimum" : node.arcsAbove == 0 ? "maximum" : "saddle";
}

json contourTreeDocument(const ScalarGrid& grid, const ContourTree& tree, json document) {
  document["connectivity"] = toString(tree.connectivity);
  document["nodes"] = json::array();
  for (const ContourNode& node : tree.nodes) {
    document["nodes"].push_back({{"vertex", node.vertex},
                                 {"value", node.value},
                                 {"kind", kindOf(node)},
                                 {"coordinates", placeOf(grid, node.vertex)}});
  }
  document["arcs"] = tree.arcs;
  return document;
}

Arrays contourTreeArrays(const ScalarGrid& grid, const ContourTree& tree) {
  std::vector<std::int64_t> vertices;
  std::vector<double> values;
  for (const ContourNode& node : tree.nodes) {
    vertices.push_back(node.vertex);
    values.push_back(node.value);
  }
  std::vector<std::int64_t> arcs;
  for (const auto& [lower, upper] : tree.arcs) {
    arcs.insert(arcs.end(), {lower, upper});
  }
  return {{"node_vertex", integers(vertices)},
          {"node_value", doubles(values)},
          {"arcs", NdArray::fromInt64({tree.arcs.size(), 2}, arcs)},
          {"arc_of_vertex",
           NdArray::fromInt64(grid.shape(), std::vector<std::int64_t>(tree.arcOfVertex.begin(),
                                                                      tree.arcOfVertex.end()))}};
}

void contourTreeTable(const ScalarGrid& grid, const ContourTree& tree, const RowSink& add) {
  add(joined({"node", "vertex", "kind", "value"}, axisNames(grid)));
  std::int64_t index = 0;
  for (const ContourNode& node : tree.nodes) {
    add(joined({text(index++), text(node.vertex), kindOf(node), text(node.value)},
               placeTexts(grid, node.vertex)));
  }
}

json manifoldsMap(const MorseSmale& complex, const std::vector<Manifold>& manifolds) {
  json result = json::array();
  for (const Manifold& manifold : manifolds) {
    result.push_back(
        {{"extremum", manifold.extremum},
         {"vertex", complex.criticalCells[static_cast<std::size_t>(manifold.extremum)].vertex},
         {"vertices", manifold.vertices},
         {"volume", manifold.volume}});
  }
  return result;
}

json morseSmaleDocument(const ScalarGrid& grid, const MorseSmale& complex, json document) {
  document["connectivity"] = toString(complex.connectivity);
  document["critical_cells"] = json::array();
  for (const CriticalCell& cell : complex.criticalCells) {
    document["critical_cells"].push_back({{"index", cell.index},
                                          {"vertex", cell.vertex},
                                          {"value", cell.value},
                                          {"coordinates", coordinatesAt(grid, cell.position)}});
  }
  document["separatrices"] = json::array();
  for (const Separatrix& separatrix : complex.separatrices) {
    json path = json::array();
    const std::size_t axes = grid.dimension();
    for (std::size_t i = 0; i + axes <= separatrix.path.size(); i += axes) {
      const auto first = separatrix.path.begin() + static_cast<std::ptrdiff_t>(i);
      path.push_back(coordinatesAt(grid, {first, first + static_cast<std::ptrdiff_t>(axes)}));
    }
    document["separatrices"].push_back({{"saddle", separatrix.saddle},
                                        {"extremum", separatrix.extremum},
                                        {"path", std::move(path)}});
  }
  document["ascending"] = manifoldsMap(complex, complex.ascending);
  document["descending"] = manifoldsMap(complex, complex.descending);
  return document;
}

Arrays morseSmaleArrays(const ScalarGrid& grid, const MorseSmale& complex) {
  std::vector<std::int64_t> indices;
  std::vector<std::int64_t> vertices;
  std::vector<double> values;
  std::vector<double> places;
  for (const CriticalCell& cell : complex.criticalCells) {
    indices.push_back(cell.index);
    vertices.push_back(cell.vertex);
    values.push_back(cell.value);
    const auto place = coordinatesAt(grid, cell.position);
    places.insert(places.end(), place.begin(), place.end());
  }
  const auto perVertex = [&](const std::vector<std::int32_t>& of) {
    return NdArray::fromInt64(grid.shape(), std::vector<std::int64_t>(of.begin(), of.end()));
  };
  return {{"cell_index", integers(indices)},
          {"cell_vertex", integers(vertices)},
          {"cell_value", doubles(values)},
          {"cell_coordinates",
           NdArray::fromDoubles({complex.criticalCells.size(), grid.dimension()}, places)},
          {"ascending", perVertex(complex.ascendingOf)},
          {"descending", perVertex(complex.descendingOf)}};
}

void morseSmaleTable(const ScalarGrid& grid, const MorseSmale& complex, const RowSink& add) {
  add(joined({"index", "vertex", "value"}, axisNames(grid)));
  for (const CriticalCell& cell : complex.criticalCells) {
    std::vector<std::string> place;
    for (const double coordinate : coordinatesAt(grid, cell.position)) {
      place.push_back(text(coordinate));
    }
    add(joined({text(cell.index), text(cell.vertex), text(cell.value)}, place));
  }
}

json profileDocument(const TopologicalProfile& profile, json document) {
  document["width"] = profile.width;
  document["parts"] = json::array();
  for (const ProfilePart& part : profile.parts) {
    const auto values = profile.valuesOf(part);
    document["parts"].push_back({{"node", part.node},
                                 {"centre", part.centre},
                                 {"child_width", part.childWidth},
                                 {"total_width", part.totalWidth},
                                 {"bottom", part.bottom},
                                 {"top", part.top},
                                 {"values", std::vector<double>(values.begin(), values.end())}});
  }
  return document;
}

void profileTable(const TopologicalProfile& profile, const RowSink& add) {
  add({"node", "centre", "child_width", "total_width", "bottom", "top"});
  for (const ProfilePart& part : profile.parts) {
    add({text(part.node), text(part.centre), text(part.childWidth), text(part.totalWidth),
         text(part.bottom), text(part.top)});
  }
}

Arrays profileArrays(const TopologicalProfile& profile) {
  std::vector<std::int64_t> widths;
  std::vector<std::int64_t> firsts;
  std::vector<double> spans;
  for (const ProfilePart& part : profile.parts) {
    widths.insert(widths.end(), {part.childWidth, part.totalWidth});
    firsts.push_back(static_cast<std::int64_t>(part.firstValue));
    spans.insert(spans.end(), {part.centre, part.bottom, part.top});
  }
  const std::size_t count = profile.parts.size();
  return {{"part_widths", NdArray::fromInt64({count, 2}, widths)},
          {"part_centre_bottom_top", NdArray::fromDoubles({count, 3}, spans)},
          {"part_first_value", integers(firsts)},
          {"values", doubles(profile.values)}};
}

std::vector<double> basinRow(const BasinMetric& metric) {
  return {metric.value, metric.atMinimum, metric.mean, metric.lowest, metric.highest};
}

void basinTable(const ScalarGrid& grid, const std::vector<BasinMetric>& metrics,
                const RowSink& add) {
  add(joined({"minimum", "vertices", "measured", "value", "field_at_minimum", "field_mean",
              "field_lowest", "field_highest"},
             axisNames(grid)));
  for (const BasinMetric& metric : metrics) {
    std::vector<std::string> row{text(metric.minimum), text(metric.vertices),
                                 text(metric.measured)};
    for (const double number : basinRow(metric)) {
      row.push_back(text(number));
    }
    add(joined(std::move(row), placeTexts(grid, metric.minimum)));
  }
}

json basinDocument(const ScalarGrid& grid, const std::vector<BasinMetric>& metrics, json document) {
  document["basins"] = json::array();
  for (const BasinMetric& metric : metrics) {
    document["basins"].push_back({{"minimum", metric.minimum},
                                  {"coordinates", placeOf(grid, metric.minimum)},
                                  {"value", metric.value},
                                  {"vertices", metric.vertices},
                                  {"measured", metric.measured},
                                  {"field_at_minimum", metric.atMinimum},
                                  {"field_mean", metric.mean},
                                  {"field_lowest", metric.lowest},
                                  {"field_highest", metric.highest}});
  }
  return document;
}

Arrays basinArrays(const std::vector<BasinMetric>& metrics) {
  std::vector<std::int64_t> counts;
  std::vector<double> values;
  for (const BasinMetric& metric : metrics) {
    counts.insert(counts.end(), {metric.minimum, metric.vertices, metric.measured});
    const auto row = basinRow(metric);
    values.insert(values.end(), row.begin(), row.end());
  }
  return {{"minimum_vertices_measured", NdArray::fromInt64({metrics.size(), 3}, counts)},
          {"value_and_field", NdArray::fromDoubles({metrics.size(), 5}, values)}};
}

}  // namespace

Exportable exportContourTree(std::shared_ptr<const ScalarGrid> grid, Connectivity connectivity,
                             const json& facts, const std::stop_token& stop) {
  const auto tree = std::make_shared<const ContourTree>(contourTree(*grid, connectivity, stop));
  return {[=] { return contourTreeDocument(*grid, *tree, facts); },
          [=] { return contourTreeArrays(*grid, *tree); },
          {},
          [=](const RowSink& add) { contourTreeTable(*grid, *tree, add); },
          [=] { return linesOf(*grid, *tree); }};
}

Exportable exportMorseSmale(std::shared_ptr<const ScalarGrid> grid, Connectivity connectivity,
                            const json& facts, const std::stop_token& stop) {
  const auto complex = std::make_shared<const MorseSmale>(morseSmale(*grid, connectivity, stop));
  return {[=] { return morseSmaleDocument(*grid, *complex, facts); },
          [=] { return morseSmaleArrays(*grid, *complex); },
          {},
          [=](const RowSink& add) { morseSmaleTable(*grid, *complex, add); },
          [=] { return linesOf(*grid, *complex); }};
}

Exportable exportProfile(std::shared_ptr<const ScalarGrid> grid, const AnalysisOptions& options,
                         const json& facts, const std::stop_token& stop) {
  const auto profile = std::make_shared<const TopologicalProfile>(
      topologicalProfile(*grid, treeOf(*grid, options, stop)));
  json head = facts;
  head["connectivity"] = toString(options.connectivity);
  return {[=] { return profileDocument(*profile, head); },
          [=] { return profileArrays(*profile); },
          {},
          [=](const RowSink& add) { profileTable(*profile, add); }};
}

Exportable exportBasins(std::shared_ptr<const ScalarGrid> grid,
                        std::shared_ptr<const ScalarGrid> field, const AnalysisOptions& options,
                        const json& facts, const std::stop_token& stop) {
  const auto metrics = std::make_shared<const std::vector<BasinMetric>>(
      basinMetrics(*grid, basinsOf(*grid, options, stop), *field));
  json head = facts;
  head["connectivity"] = toString(options.connectivity);
  return {[=] { return basinDocument(*grid, *metrics, head); },
          [=] { return basinArrays(*metrics); },
          {},
          [=](const RowSink& add) { basinTable(*grid, *metrics, add); }};
}

}  // namespace tarn::app
