#include <algorithm>
#include <cmath>

#include "app/export_cells.h"
#include "app/exportable.h"
#include "topology/persistence/diagram.h"
#include "topology/persistence/representations.h"

namespace tarn::app {
namespace {

using nlohmann::json;

constexpr std::size_t kCurvePoints = 256;
constexpr std::size_t kLandscapes = 5;
constexpr std::size_t kImagePixels = 64;

/// The classes of one degree, and what sums them up.
struct Degree {
  int degree = 0;
  std::vector<PersistenceInterval> intervals;
  std::vector<DiagramPoint> points;
};

struct Persistence {
  std::vector<Degree> degrees;
  std::vector<double> levels;  ///< of the curves: from the lowest value to the highest
};

Persistence persistenceOf(const ScalarGrid& grid, const AnalysisOptions& options) {
  Persistence result;
  const auto diagram = persistenceDiagram(grid, options.connectivity, options.levels);
  double low = 0.0;
  double high = 0.0;
  bool any = false;
  for (const double value : grid.values()) {
    if (std::isfinite(value)) {
      low = any ? std::min(low, value) : value;
      high = any ? std::max(high, value) : value;
      any = true;
    }
  }
  for (std::size_t i = 0; any && i < kCurvePoints; ++i) {
    result.levels.push_back(
        std::lerp(low, high, static_cast<double>(i) / static_cast<double>(kCurvePoints - 1)));
  }
  for (const PersistenceInterval& interval : diagram.intervals) {
    if (options.threshold && interval.persistence() <= *options.threshold) {
      continue;
    }
    while (result.degrees.size() <= static_cast<std::size_t>(interval.degree)) {
      result.degrees.push_back({static_cast<int>(result.degrees.size()), {}, {}});
    }
    Degree& degree = result.degrees[static_cast<std::size_t>(interval.degree)];
    degree.intervals.push_back(interval);
    degree.points.push_back({interval.birth, interval.death});
  }
  return result;
}

std::vector<std::int64_t> bettiNumbers(const Degree& degree, const std::vector<double>& levels) {
  const auto curve = bettiCurve(degree.points, levels);
  return {curve.begin(), curve.end()};
}

/// ∞ has no place in JSON: a class that never dies has no death.
json intervalMap(const PersistenceInterval& interval) {
  json map{{"degree", interval.degree},
           {"birth", interval.birth},
           {"birth_vertex", interval.birthVertex}};
  if (!interval.isEssential()) {
    map["death"] = interval.death;
    map["death_vertex"] = interval.deathVertex;
  }
  return map;
}

json document(const Persistence& persistence, json head) {
  head["intervals"] = json::array();
  head["entropy"] = json::array();
  head["betti_curves"] = {{"levels", persistence.levels}, {"counts", json::array()}};
  for (const Degree& degree : persistence.degrees) {
    for (const PersistenceInterval& interval : degree.intervals) {
      head["intervals"].push_back(intervalMap(interval));
    }
    head["entropy"].push_back(persistentEntropy(degree.points));
    head["betti_curves"]["counts"].push_back(bettiNumbers(degree, persistence.levels));
  }
  return head;
}

NdArray matrix(const std::vector<std::vector<double>>& rows, std::size_t columns) {
  std::vector<double> all;
  for (const auto& row : rows) {
    all.insert(all.end(), row.begin(), row.end());
  }
  return NdArray::fromDoubles({rows.size(), columns}, all);
}

void addDegree(std::map<std::string, NdArray>& members, const Degree& degree,
               const std::vector<double>& levels) {
  const std::string suffix = "." + std::to_string(degree.degree);
  std::vector<double> values;
  std::vector<std::int64_t> vertices;
  for (const PersistenceInterval& interval : degree.intervals) {
    values.insert(values.end(), {interval.birth, interval.death});
    vertices.insert(vertices.end(), {interval.birthVertex, interval.deathVertex});
  }
  const std::size_t count = degree.intervals.size();
  members.emplace("intervals" + suffix, NdArray::fromDoubles({count, 2}, values));
  members.emplace("vertices" + suffix, NdArray::fromInt64({count, 2}, vertices));
  members.emplace("betti" + suffix, integers(bettiNumbers(degree, levels)));
  members.emplace("landscape" + suffix,
                  matrix(persistenceLandscape(degree.points, levels, kLandscapes), levels.size()));
  const PersistenceImage image = persistenceImage(degree.points, kImagePixels);
  members.emplace("image" + suffix,
                  NdArray::fromDoubles({kImagePixels, kImagePixels}, image.pixels));
  members.emplace("image_extent" + suffix,
                  doubles({image.birthLow, image.birthHigh, 0.0, image.persistenceHigh}));
}

std::map<std::string, NdArray> arrays(const Persistence& persistence) {
  std::map<std::string, NdArray> members{{"levels", doubles(persistence.levels)}};
  for (const Degree& degree : persistence.degrees) {
    addDegree(members, degree, persistence.levels);
  }
  return members;
}

void table(const Persistence& persistence, const RowSink& add) {
  add({"degree", "birth", "death", "birth_vertex", "death_vertex"});
  for (const Degree& degree : persistence.degrees) {
    for (const PersistenceInterval& interval : degree.intervals) {
      add({text(interval.degree), text(interval.birth), text(interval.death),
           text(interval.birthVertex), interval.isEssential() ? "" : text(interval.deathVertex)});
    }
  }
}

}  // namespace

Exportable exportPersistence(std::shared_ptr<const ScalarGrid> grid, const AnalysisOptions& options,
                             const json& facts) {
  const auto persistence = std::make_shared<const Persistence>(persistenceOf(*grid, options));
  json head = facts;
  head["connectivity"] = toString(options.connectivity);
  head["levels"] = options.levels == Levels::sublevel ? "sublevel" : "superlevel";
  return {[=] { return document(*persistence, head); },
          [=] { return arrays(*persistence); },
          {},
          [=](const RowSink& add) { table(*persistence, add); }};
}

}  // namespace tarn::app
