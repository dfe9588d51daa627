#include "engine/tasks/axis_finding.h"

#include <algorithm>
#include <cmath>
#include <format>

#include "engine/protocol/fields.h"
#include "engine/protocol/sha256.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/projection.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

// As far beyond both checkpoints as half the way between them.
constexpr const char* kBetweenRange = "abs:-0.5..1.5";

StoredDirection directionFromEvent(const json& event) {
  StoredDirection direction;
  direction.name = textField(event, "name");
  direction.kind = textField(event, "kind");
  direction.eigenvalue = optionalNumber(event, "eigenvalue");
  direction.residual = optionalNumber(event, "residual");
  direction.curvature = optionalNumber(event, "curvature");
  direction.defect = optionalNumber(event, "defect");
  direction.norm = event.value("norm", 0.0);
  return direction;
}

// How far the project's runs go along each direction, and a tenth more.
std::vector<double> reachOfRuns(const Project& project, const StoredDirections& set,
                                const std::stop_token& stop) {
  std::vector<double> reach(set.axes.size(), 0.0);
  for (const StoredRun& run : runsInSpaceOf(project, set.experiment)) {
    for (const ProjectedSnapshot& snapshot : projectRun(project, run.id, set, stop).snapshots) {
      for (std::size_t i = 0; i < reach.size(); ++i) {
        reach[i] = std::max(reach[i], std::abs(snapshot.coordinates[i]) * 1.1);
      }
    }
  }
  return reach;
}

// Replaces the range `runs`, which only the project knows, by an absolute one, and `auto` between
// checkpoints, where the way is what is to be seen.
std::vector<std::string> resolvedRanges(const Project& project, const StoredDirections& set,
                                        std::vector<std::string> range,
                                        const std::stop_token& stop) {
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (range[i] == "auto" && set.axes[i].kind == "between") {
      range[i] = kBetweenRange;
    }
  }
  if (std::find(range.begin(), range.end(), "runs") == range.end()) {
    return range;
  }
  const std::vector<double> reach = reachOfRuns(project, set, stop);
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (range[i] == "runs") {
      range[i] = reach[i] > 0 ? std::format("abs:{}", reach[i]) : "auto";
    }
  }
  return range;
}

}  // namespace

StoredDirections findDirections(EngineClient& client, const OpenedExperiment& opened,
                                const DirectionWishes& wishes, TaskObserver& observer,
                                const std::stop_token& stop) {
  const json message{{"type", "directions"},          {"experiment", opened.experiment},
                     {"spec", wishes.spec},           {"normalize", wishes.normalize},
                     {"tolerance", wishes.tolerance}, {"curvatures", wishes.curvatures}};
  StoredDirections set;
  set.experiment = opened.id;
  set.normalize = wishes.normalize;
  EventSink sink;
  sink.event = [&](const json& event) {
    const std::string type = event.value("type", "");
    if (type == "direction") {
      set.axes.push_back(directionFromEvent(event));
    } else if (type == "gram") {
      set.gram = event.at("matrix");
    } else if (type == "spectrum") {
      observer.onSpectrum(withoutEnvelope(event));
    } else {
      relayCommon(event, observer);
    }
  };
  sink.array = [&](const std::string& name, ArrayBytes array) {
    if (name == "center") {
      set.center = toNdArray(std::move(array));
    } else if (name.starts_with("direction/") && !set.axes.empty()) {
      set.axes.back().hash = sha256(array.bytes);
      set.axes.back().values = toNdArray(std::move(array));
    }
  };
  client.call(message, sink, stop);
  if (set.axes.empty()) {
    throw Error(ErrorCode::engine, "The engine sent no directions.");
  }
  set.provenance = provenance(client, opened, message, json());
  return set;
}

json givenSpecs(EngineClient& client, const StoredDirections& set, const std::stop_token& stop) {
  json specs = json::array();
  for (const StoredDirection& axis : set.axes) {
    specs.push_back({{"kind", axis.kind == "between" ? "checkpoint" : axis.kind},
                     {"name", axis.name},
                     {"array", putArray(client, toArrayBytes(axis.values), stop)},
                     {"keep_length", true}});
  }
  return specs;
}

std::vector<AxisReach> findReaches(EngineClient& client, const Project& project,
                                   const OpenedExperiment& opened, const StoredDirections& set,
                                   const std::vector<std::string>& range, TaskObserver& observer,
                                   const std::stop_token& stop) {
  json hashes = json::array();
  json curvatures = json::array();
  for (const StoredDirection& axis : set.axes) {
    hashes.push_back(putArray(client, toArrayBytes(axis.values), stop));
    curvatures.push_back(axis.curvature ? json(*axis.curvature) : json());
  }
  std::vector<AxisReach> reaches;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "range") {
      for (const json& reach : event.at("ranges")) {
        reaches.push_back({reach.at(0).get<double>(), reach.at(1).get<double>()});
      }
    } else {
      relayCommon(event, observer);
    }
  };
  client.call({{"type", "range"},
               {"experiment", opened.experiment},
               {"directions", hashes},
               {"range", resolvedRanges(project, set, range, stop)},
               {"curvatures", curvatures}},
              sink, stop);
  if (reaches.size() != set.axes.size()) {
    throw Error(ErrorCode::engine, "The engine sent no range for some axis.");
  }
  return reaches;
}

}  // namespace tarn
