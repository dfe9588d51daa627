#include "engine/tasks/smad_probe.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <limits>
#include <string_view>
#include <vector>

#include "engine/protocol/tile_order.h"
#include "engine/tasks/axis_finding.h"
#include "engine/tasks/direction_words.h"
#include "engine/tasks/sampled_tile.h"
#include "topology/analysis/analysis.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

constexpr std::uint64_t kDirectionSeed = 0;
constexpr std::uint64_t kMostEvery = 1'000'000;
constexpr std::uint64_t kFewestSteps = 3;
constexpr std::uint64_t kMostSteps = 201;
constexpr std::uint64_t kSmadTilePoints = 16;

bool smadFits(const SmadWish& wish) {
  return wish.every >= 1 && wish.every <= kMostEvery && wish.steps >= kFewestSteps &&
         wish.steps <= kMostSteps && wish.range > 0 && std::isfinite(wish.range);
}

template <typename Number>
bool readInto(std::string_view text, Number& number) {
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && after == text.data() + text.size();
}

bool readOption(std::string_view option, SmadWish& wish) {
  constexpr std::string_view kSteps = "steps=";
  constexpr std::string_view kRange = "range=";
  if (option.starts_with(kSteps)) {
    return readInto(option.substr(kSteps.size()), wish.steps);
  }
  return option.starts_with(kRange) && readInto(option.substr(kRange.size()), wish.range);
}

/// The run's experiment at a snapshot, on one thread: the run's own engine needs the others.
json experimentAt(const Project& project, std::int64_t run, std::int64_t step) {
  json experiment = project.experiment(project.run(run).experiment).experiment;
  experiment["model"]["from"] = {{"run", run}, {"step", step}};
  experiment["seed"] = kDirectionSeed;
  experiment["threads"] = 1;
  return experiment;
}

}  // namespace

SmadWish smadFromText(const std::string& text) {
  SmadWish wish;
  const std::string_view view = text;
  std::size_t comma = std::min(view.find(','), view.size());
  bool right = readInto(view.substr(0, comma), wish.every);
  while (right && comma < view.size()) {
    const std::size_t next = std::min(view.find(',', comma + 1), view.size());
    right = readOption(view.substr(comma + 1, next - comma - 1), wish);
    comma = next;
  }
  if (!right || !smadFits(wish)) {
    throw Error(ErrorCode::usage, "--smad does not understand '" + text + "'.",
                std::format("Write how many snapshots lie between two that are measured, 10, and "
                            "if wanted the landscape: 10,steps=11,range=1 (steps {} to {}, a range "
                            "above 0).",
                            kFewestSteps, kMostSteps));
  }
  return wish;
}

json toJson(const SmadWish& wish) {
  return {{"every", wish.every}, {"steps", wish.steps}, {"range", wish.range}};
}

std::optional<SmadWish> smadOf(const json& settings) {
  if (!settings.is_object() || !settings.contains(kSmadSettings)) {
    return std::nullopt;
  }
  const json& map = settings.at(kSmadSettings);
  SmadWish wish;
  const auto isCount = [&](const char* key) {
    return map.contains(key) && map.at(key).is_number_unsigned();
  };
  const bool right = map.is_object() && isCount("every") && isCount("steps") &&
                     map.contains("range") && map.at("range").is_number();
  if (right) {
    wish = {map.at("every").get<std::uint64_t>(), map.at("steps").get<std::uint64_t>(),
            map.at("range").get<double>()};
  }
  if (!right || !smadFits(wish)) {
    throw Error(ErrorCode::badInput, "What the run's settings say of its SMAD cannot be followed.",
                "Train a new run with --smad.");
  }
  return wish;
}

ScalarGrid smadLandscape(EngineClient& client, Project& project, std::int64_t run,
                         std::int64_t step, const SmadWish& wish, const TrustQuestion& ask,
                         const std::stop_token& stop) {
  TaskObserver nobody;
  const OpenedExperiment opened =
      describeExperiment(client, &project, experimentAt(project, run, step), ask, nobody, stop);
  const auto specs = directionSpecsFor(client, project, opened, {"random:2"}, {}, ask, stop);
  const StoredDirections set =
      findDirections(client, opened, {.spec = specs.spec, .normalize = "filter"}, nobody, stop);
  const std::vector<std::string> ranges(set.axes.size(), std::format("rel:{}", wish.range));
  const auto reaches = findReaches(client, project, opened, set, ranges, nobody, stop);
  std::vector<Axis> axes;
  json hashes = json::array();
  json coordinates = json::array();
  std::vector<std::uint64_t> shape;
  for (std::size_t i = 0; i < set.axes.size(); ++i) {
    axes.push_back({axisCoordinates(reaches[i], wish.steps), set.axes[i].name, ""});
    hashes.push_back(set.axes[i].hash);
    coordinates.push_back(axes.back().coordinates);
    shape.push_back(axes.back().coordinates.size());
  }
  const TileOrder order(shape, kSmadTilePoints);
  std::vector<double> values(order.points(), std::numeric_limits<double>::quiet_NaN());
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") != "tile") {
      return;
    }
    const StoredTile tile = tileFromEvent(event);
    const auto loss = tile.values.find("loss");
    if (tile.index >= order.tiles() || loss == tile.values.end() ||
        loss->second.size() != order.tile(tile.index).size()) {
      throw Error(ErrorCode::engine, "The engine sent a tile that was not asked for.");
    }
    for (std::size_t i = 0; i < loss->second.size(); ++i) {
      values[order.tile(tile.index)[i]] = loss->second[i];
    }
  };
  client.call({{"type", "sample"},
               {"experiment", opened.experiment},
               {"directions", hashes},
               {"coordinates", coordinates},
               {"quantities", {"loss"}},
               {"tile_points", kSmadTilePoints},
               {"plan", "reference"}},
              sink, stop);
  return {std::move(axes), std::move(values)};
}

json smadNumbers(const ScalarGrid& grid, const std::stop_token& stop) {
  const MergeTree tree = treeOf(grid, {}, stop);
  const Smad found = smad(tree);
  const auto number = [](double value) { return std::isfinite(value) ? json(value) : json(); };
  return {{kSmad, number(found.plain)},
          {kSmadNormalized, number(found.normalized)},
          {kSmadMinima, tree.minimaCount}};
}

}  // namespace tarn
