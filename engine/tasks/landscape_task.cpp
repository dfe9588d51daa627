#include "engine/tasks/landscape_task.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
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
using std::chrono::steady_clock;

// Beyond this a plain reading of the request is more likely a slip than a wish.
constexpr double kMostPoints = 1e8;
// Tiles that come within this time are committed together.
constexpr std::chrono::milliseconds kTileCommitInterval{100};

template <typename Value>
std::vector<Value> perAxis(const std::vector<Value>& given, std::size_t axes, const char* option) {
  if (given.size() == 1) {
    return std::vector<Value>(axes, given.front());
  }
  if (given.size() != axes) {
    throw Error(ErrorCode::usage,
                std::format("{} has {} values for {} axes.", option, given.size(), axes),
                "Give one value for all axes, or one for each.");
  }
  return given;
}

// How many axes the words of --directions stand for: `name:k` is |k| of them. Only to refuse what
// is absurd before anything is computed; the engine reads the grammar properly.
std::size_t axisCount(const std::vector<std::string>& directions) {
  std::size_t axes = 0;
  for (const std::string& word : directions) {
    const auto colon = word.rfind(':');
    const int count = colon == std::string::npos ? 1 : std::atoi(word.c_str() + colon + 1);
    axes += static_cast<std::size_t>(std::clamp(std::abs(count), 1, 1000));
  }
  return axes;
}

void refuseAbsurd(const std::vector<std::uint64_t>& steps) {
  double points = 1;
  for (const std::uint64_t n : steps) {
    if (n == 0) {
      throw Error(ErrorCode::usage, "An axis with 0 steps has no points.", "Use 41, for example.");
    }
    points *= static_cast<double>(n);
  }
  if (points > kMostPoints) {
    throw Error(
        ErrorCode::usage,
        std::format("This grid would have {:.3g} points; the most is {:.0e}.", points, kMostPoints),
        "Use fewer --steps or fewer directions.");
  }
}

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

StoredDirections computeDirections(EngineClient& client, Project& project,
                                   const OpenedExperiment& opened, const LandscapeRequest& request,
                                   TaskObserver& observer, const std::stop_token& stop) {
  const json message{{"type", "directions"},
                     {"experiment", opened.experiment},
                     {"spec", request.directions},
                     {"normalize", request.normalize},
                     {"tolerance", request.tolerance}};
  StoredDirections set;
  set.experiment = opened.id;
  set.normalize = request.normalize;
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
  set.id = project.addDirections(set);
  return set;
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

// Replaces the range `runs`, which only the project knows, by an absolute one.
std::vector<std::string> resolveRunRanges(const Project& project, const StoredDirections& set,
                                          std::vector<std::string> range,
                                          const std::stop_token& stop) {
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

std::vector<double> computeHalfWidths(EngineClient& client, const OpenedExperiment& opened,
                                      const StoredDirections& set,
                                      const std::vector<std::string>& range, TaskObserver& observer,
                                      const std::stop_token& stop) {
  json hashes = json::array();
  json curvatures = json::array();
  for (const StoredDirection& axis : set.axes) {
    hashes.push_back(putArray(client, toArrayBytes(axis.values), stop));
    curvatures.push_back(axis.curvature ? json(*axis.curvature) : json());
  }
  std::vector<double> halfWidths;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "range") {
      halfWidths = event.at("half_widths").get<std::vector<double>>();
    } else {
      relayCommon(event, observer);
    }
  };
  client.call({{"type", "range"},
               {"experiment", opened.experiment},
               {"directions", hashes},
               {"range", range},
               {"curvatures", curvatures}},
              sink, stop);
  if (halfWidths.size() != set.axes.size()) {
    throw Error(ErrorCode::engine, "The engine sent no range for some axis.");
  }
  return halfWidths;
}

json coordinatesOf(const std::vector<Axis>& axes) {
  json coordinates = json::array();
  for (const Axis& axis : axes) {
    coordinates.push_back(axis.coordinates);
  }
  return coordinates;
}

StoredTile tileFromEvent(const json& event) {
  StoredTile tile;
  tile.index = countField(event, "index");
  const std::string key = "values";
  const json& all = field(event, key);
  for (const auto& [quantity, bytes] : all.items()) {
    if (!bytes.is_binary() || bytes.get_binary().size() % sizeof(double) != 0) {
      throw Error(ErrorCode::engine, "The engine sent a tile whose values are not doubles.");
    }
    std::vector<double>& values = tile.values[quantity];
    values.resize(bytes.get_binary().size() / sizeof(double));
    std::memcpy(values.data(), bytes.get_binary().data(), bytes.get_binary().size());
  }
  return tile;
}

// Collects tiles and commits them together, so that small tiles do not wait for the disk each.
class TileCommitter {
 public:
  TileCommitter(Project& project, std::int64_t landscape, TaskObserver& observer)
      : project_(project), landscape_(landscape), observer_(observer) {}

  void add(StoredTile tile) {
    pending_.push_back(std::move(tile));
    if (steady_clock::now() - last_ >= kTileCommitInterval) {
      commit();
    }
  }

  void commit() {
    if (pending_.empty()) {
      return;
    }
    project_.commitTiles(landscape_, pending_);
    for (const StoredTile& tile : pending_) {
      observer_.onTile(landscape_, tile);
    }
    pending_.clear();
    last_ = steady_clock::now();
  }

 private:
  Project& project_;
  std::int64_t landscape_;
  TaskObserver& observer_;
  std::vector<StoredTile> pending_;
  steady_clock::time_point last_ = steady_clock::now();
};

}  // namespace

std::vector<double> axisCoordinates(double halfWidth, std::uint64_t steps) {
  std::vector<double> coordinates(steps, 0.0);
  const auto last = static_cast<double>(steps - 1);
  for (std::uint64_t i = 0; i < steps && steps > 1; ++i) {
    coordinates[i] = halfWidth * ((2.0 * static_cast<double>(i) - last) / last);
  }
  return coordinates;
}

StoredLandscape prepareLandscape(EngineClient& client, Project& project,
                                 const OpenedExperiment& opened, const LandscapeRequest& request,
                                 TaskObserver& observer, const std::stop_token& stop) {
  refuseAbsurd(perAxis(request.steps, axisCount(request.directions), "--steps"));
  const StoredDirections set = computeDirections(client, project, opened, request, observer, stop);
  const auto steps = perAxis(request.steps, set.axes.size(), "--steps");
  const auto range =
      resolveRunRanges(project, set, perAxis(request.range, set.axes.size(), "--range"), stop);
  const auto halfWidths = computeHalfWidths(client, opened, set, range, observer, stop);

  StoredLandscape landscape;
  landscape.name = request.name;
  landscape.experiment = opened.id;
  landscape.directions = set.id;
  landscape.quantities = {"loss"};
  if (!opened.described.value("accuracy", json()).is_null()) {
    landscape.quantities.emplace_back("accuracy");
  }
  landscape.tilePoints = request.tilePoints;
  json hashes = json::array();
  for (std::size_t i = 0; i < set.axes.size(); ++i) {
    landscape.axes.push_back({axisCoordinates(halfWidths[i], steps[i]), set.axes[i].name, ""});
    hashes.push_back(set.axes[i].hash);
  }
  landscape.request = {{"type", "sample"},
                       {"experiment", opened.experiment},
                       {"directions", hashes},
                       {"coordinates", coordinatesOf(landscape.axes)},
                       {"quantities", landscape.quantities},
                       {"tile_points", landscape.tilePoints},
                       {"plan", request.plan.value_or(json())}};
  landscape.plan = request.plan.value_or(json());
  landscape.provenance = provenance(client, opened, landscape.request, landscape.plan);
  landscape.id = project.addLandscape(landscape);
  return project.landscape(landscape.id);
}

StoredLandscape fillLandscape(EngineClient& client, Project& project, std::int64_t id,
                              const TrustQuestion& ask, TaskObserver& observer,
                              const std::stop_token& stop) {
  StoredLandscape landscape = project.landscape(id);
  if (!landscape.experiment || !landscape.directions) {
    throw Error(ErrorCode::usage, "This landscape was imported: there is no model to sample.");
  }
  observer.onLandscape(landscape);
  if (landscape.status() == LandscapeStatus::complete) {
    return landscape;
  }
  const OpenedExperiment opened =
      reopenExperiment(client, project, *landscape.experiment, ask, observer, stop);
  for (const StoredDirection& axis : project.directions(*landscape.directions).axes) {
    putArray(client, toArrayBytes(axis.values), stop);
  }

  json message = landscape.request;
  message["plan"] = landscape.plan;
  message["have"] = project.presentTileRanges(id);
  TileCommitter committer(project, id, observer);
  EventSink sink;
  sink.event = [&](const json& event) {
    const std::string type = event.value("type", "");
    if (type == "tile") {
      committer.add(tileFromEvent(event));
    } else if (type == "plan" && landscape.plan.is_null()) {
      project.setLandscapePlan(id, event.at("plan"));
    } else {
      relayCommon(event, observer);
    }
  };
  try {
    client.call(message, sink, stop);
  } catch (const Error&) {
    committer.commit();
    throw;
  }
  committer.commit();
  return project.landscape(id);
}

}  // namespace tarn
