// Filling a landscape that is in the project.
#include <algorithm>
#include <chrono>
#include <format>
#include <map>
#include <optional>

#include "engine/project/tile_layout.h"
#include "engine/protocol/fields.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/axis_finding.h"
#include "engine/tasks/direction_words.h"
#include "engine/tasks/events.h"
#include "engine/tasks/landscape_axes.h"
#include "engine/tasks/landscape_cost.h"
#include "engine/tasks/landscape_task.h"
#include "engine/tasks/sampled_tile.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

// Tiles that come within this time are committed together.
constexpr std::chrono::milliseconds kTileCommitInterval{100};

// Collects tiles and commits them together, so that small tiles do not wait for the disk each.
class TileCommitter {
 public:
  TileCommitter(Project& project, std::int64_t landscape, TaskObserver& observer)
      : project_(project), landscape_(landscape), observer_(observer) {}

  void add(StoredTile tile) {
    pending_.push_back(std::move(tile));
    commitInTime();
  }

  /// Commits unless it was done a moment ago: to be called often.
  void commitInTime() {
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

/// What an earlier landscape has of a new one's points.
class EarlierPoints {
 public:
  EarlierPoints(const Project& project, const StoredLandscape& landscape)
      : order_(orderOf(landscape)) {
    if (!landscape.request.contains("reuse")) {
      return;
    }
    const StoredLandscape earlier =
        project.landscape(landscape.request.at("reuse").get<std::int64_t>());
    places_ = placesIn(landscape.axes, earlier.axes);
    for (const std::string& quantity : landscape.quantities) {
      const LandscapeValues values = project.landscapeGrid(earlier.id, quantity);
      values_[quantity] = {values.grid.values().begin(), values.grid.values().end()};
      present_ = values.tilePresent;
    }
    forget(orderOf(earlier));
  }

  bool any() const { return known_ > 0; }
  bool has(std::uint32_t vertex) const { return !places_.empty() && places_[vertex] >= 0; }

  /// One byte a point: 1 when it is known.
  ArrayBytes mask() const {
    ArrayBytes array{"u8", {static_cast<std::int64_t>(places_.size())}, {}};
    for (const auto place : places_) {
      array.bytes.push_back(std::byte{place >= 0 ? std::uint8_t{1} : std::uint8_t{0}});
    }
    return array;
  }

  /// A tile whose points are all known; none when one is not.
  std::optional<StoredTile> whole(std::uint64_t index) const {
    for (const auto vertex : order_.tile(index)) {
      if (!has(vertex)) {
        return std::nullopt;
      }
    }
    return completed({index, {}});
  }

  /// A tile without the known points, with them.
  StoredTile completed(StoredTile tile) const {
    if (!any()) {
      return tile;
    }
    for (const auto& [quantity, all] : values_) {
      const std::vector<double>& found = tile.values[quantity];
      std::vector<double> merged;
      std::size_t next = 0;
      for (const auto vertex : order_.tile(tile.index)) {
        if (!has(vertex) && next >= found.size()) {
          throw Error(ErrorCode::engine, "The engine sent a tile with too few values.");
        }
        merged.push_back(has(vertex) ? all[static_cast<std::size_t>(places_[vertex])]
                                     : found[next++]);
      }
      tile.values[quantity] = std::move(merged);
    }
    return tile;
  }

 private:
  // What had not been computed is not known.
  void forget(const TileOrder& order) {
    std::vector<bool> computed(order.points(), false);
    for (std::uint64_t tile = 0; tile < order.tiles(); ++tile) {
      for (const auto vertex : order.tile(tile)) {
        computed[vertex] = present_[tile];
      }
    }
    for (auto& place : places_) {
      place = place >= 0 && computed[static_cast<std::size_t>(place)] ? place : -1;
      known_ += place >= 0 ? 1 : 0;
    }
  }

  TileOrder order_;
  std::vector<std::int64_t> places_;
  std::map<std::string, std::vector<double>> values_;
  std::vector<bool> present_;
  std::size_t known_ = 0;
};

std::string costIn(const json& event) {
  const auto perPoint = optionalNumber(event, "seconds_per_point");
  if (!perPoint) {
    return "";
  }
  return costText(event.value("missing", std::uint64_t{0}), *perPoint, event.at("plan"));
}

// Tiles that the earlier landscape has whole cost nothing.
void copyWholeTiles(const Project& project, const StoredLandscape& landscape,
                    const EarlierPoints& earlier, TileCommitter& committer) {
  std::vector<bool> present(landscape.tiles, false);
  for (const auto tile : project.presentTiles(landscape.id)) {
    present[tile] = true;
  }
  for (std::uint64_t tile = 0; tile < landscape.tiles; ++tile) {
    if (present[tile]) {
      continue;
    }
    if (auto whole = earlier.whole(tile)) {
      committer.add(std::move(*whole));
    }
  }
  committer.commit();
}

/// Whether the first picture was not to wait for the curvature along the axes.
bool curvatureWaits(const StoredDirections& set) {
  return set.provenance.is_object() &&
         !set.provenance.value("request", json::object()).value("curvatures", true) &&
         std::ranges::none_of(
             set.axes, [](const StoredDirection& axis) { return axis.curvature.has_value(); });
}

void findCurvatures(EngineClient& client, Project& project, const OpenedExperiment& opened,
                    StoredDirections set, TaskObserver& observer, const std::stop_token& stop) {
  observer.onProgress({0, 0, "the curvature along the axes", ""});
  const auto found =
      findDirections(client, opened, {givenSpecs(client, set, stop)}, observer, stop).axes;
  for (std::size_t i = 0; i < set.axes.size() && i < found.size(); ++i) {
    set.axes[i].curvature = found[i].curvature;
    set.axes[i].defect = found[i].defect;
  }
  project.setDirectionCurvatures(set);
}

json preparedEnds(EngineClient& client, const Project& project, const json& ends,
                  const TrustQuestion& ask, const std::stop_token& stop) {
  json result = json::array();
  for (const json& end : ends) {
    result.push_back(end.is_null() ? json() : preparedCheckpoint(client, project, end, ask, stop));
  }
  return result;
}

}  // namespace

StoredLandscape fillLandscape(EngineClient& client, Project& project, std::int64_t id,
                              const TrustQuestion& ask, TaskObserver& observer,
                              const std::stop_token& stop, const OpenedExperiment* opened) {
  StoredLandscape landscape = project.landscape(id);
  if (!landscape.experiment || !landscape.directions) {
    throw Error(ErrorCode::usage, "This landscape was imported: there is no model to sample.");
  }
  observer.onLandscape(landscape);
  if (landscape.status() == LandscapeStatus::complete) {
    return landscape;
  }
  std::optional<OpenedExperiment> again;
  if (opened == nullptr) {
    opened = &again.emplace(
        reopenExperiment(client, project, *landscape.experiment, ask, observer, stop));
  }
  const StoredDirections set = project.directions(*landscape.directions);
  for (const StoredDirection& axis : set.axes) {
    putArray(client, toArrayBytes(axis.values), stop);
  }

  TileCommitter committer(project, id, observer);
  const EarlierPoints earlier(project, landscape);
  if (earlier.any()) {
    copyWholeTiles(project, landscape, earlier, committer);
  }
  json message = landscape.request;
  if (!landscape.plan.is_null()) {
    message["plan"] = landscape.plan;
  }
  if (message.contains("ends")) {
    message["ends"] = preparedEnds(client, project, message.at("ends"), ask, stop);
  }
  if (earlier.any()) {
    message["known"] = putArray(client, earlier.mask(), stop);
  }
  message["have"] = project.presentTileRanges(id);
  EventSink sink;
  sink.event = [&](const json& event) {
    const std::string type = event.value("type", "");
    if (type == "tile") {
      committer.add(earlier.completed(tileFromEvent(event)));
    } else if (type == "plan") {
      if (landscape.plan.is_null()) {
        project.setLandscapePlan(id, event.at("plan"));
      }
      if (const std::string cost = costIn(event); !cost.empty()) {
        observer.onRemark(cost);
      }
    } else {
      relayCommon(event, observer);
    }
    committer.commitInTime();
  };
  try {
    client.call(message, sink, stop);
  } catch (const Error&) {
    committer.commit();
    throw;
  }
  committer.commit();
  if (curvatureWaits(set)) {
    findCurvatures(client, project, *opened, set, observer, stop);
  }
  return project.landscape(id);
}

}  // namespace tarn
