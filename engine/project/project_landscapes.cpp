// Landscapes and their tiles.
#include <algorithm>
#include <limits>

#include "engine/project/arrays.h"
#include "engine/project/state.h"
#include "engine/project/text.h"
#include "engine/project/tile_layout.h"
#include "topology/base/error.h"

namespace tarn {

namespace {

using db::Database;
using db::Statement;

constexpr const char* kColumns =
    "SELECT id, created, name, experiment_id, direction_set_id, quantities, tile_points, request, "
    "plan, provenance FROM landscapes ";

std::vector<Axis> axesOf(Database& database, std::int64_t landscape) {
  Statement row(database,
                "SELECT axis, label, unit, coordinates FROM landscape_axes WHERE landscape_id = ? "
                "ORDER BY axis");
  row.bind(landscape);
  std::vector<Axis> axes;
  while (row.next()) {
    if (row.integer(0) != static_cast<std::int64_t>(axes.size())) {
      database.damaged("landscape " + std::to_string(landscape) + " lacks an axis");
    }
    axes.push_back({db::doublesOf(database, row.blob(3), "an axis"), row.text(1), row.text(2)});
  }
  return axes;
}

std::vector<std::string> quantitiesOf(const Database& database, const nlohmann::json& json) {
  const auto isText = [](const nlohmann::json& q) { return q.is_string(); };
  if (!json.is_array() || !std::all_of(json.begin(), json.end(), isText)) {
    database.damaged("a landscape's quantities are not a list of names");
  }
  return json.get<std::vector<std::string>>();
}

std::vector<std::uint64_t> presentTilesOf(Database& database, const StoredLandscape& landscape) {
  Statement row(database,
                "SELECT tile FROM tiles WHERE landscape_id = ? GROUP BY tile "
                "HAVING count(*) = ? ORDER BY tile");
  row.bind(landscape.id).bind(static_cast<std::int64_t>(landscape.quantities.size()));
  std::vector<std::uint64_t> tiles;
  while (row.next()) {
    const std::int64_t tile = row.integer(0);
    if (tile < 0 || static_cast<std::uint64_t>(tile) >= landscape.tiles) {
      database.damaged("landscape " + std::to_string(landscape.id) + " has no tile " +
                       std::to_string(tile));
    }
    tiles.push_back(static_cast<std::uint64_t>(tile));
  }
  return tiles;
}

/// Whether `tilesPresent` is counted: it takes a look at every tile.
enum class Count { no, tiles };

StoredLandscape landscapeOf(Database& database, const Statement& row, Count count) {
  StoredLandscape landscape;
  landscape.id = row.integer(0);
  landscape.created = row.text(1);
  landscape.name = row.text(2);
  landscape.experiment = row.integerOrNone(3);
  landscape.directions = row.integerOrNone(4);
  landscape.quantities = quantitiesOf(database, row.json(5));
  landscape.tilePoints = static_cast<std::uint64_t>(std::max<std::int64_t>(row.integer(6), 0));
  landscape.request = row.json(7);
  landscape.plan = row.json(8);
  landscape.provenance = row.json(9);
  landscape.axes = axesOf(database, landscape.id);
  if (const std::string fault = faultOf(landscape); !fault.empty()) {
    database.damaged("landscape " + std::to_string(landscape.id) + ": " + fault);
  }
  landscape.tiles = tileCount(landscape);
  if (count == Count::tiles) {
    landscape.tilesPresent = presentTilesOf(database, landscape).size();
  }
  return landscape;
}

StoredLandscape loadLandscape(Database& database, std::int64_t id, Count count) {
  Statement row(database, std::string(kColumns) + "WHERE id = ?");
  if (!row.bind(id).next()) {
    noSuchResult(database, ResultKind::landscape, id);
  }
  return landscapeOf(database, row, count);
}

void requireFitting(const StoredLandscape& landscape, const StoredTile& tile) {
  if (tile.index >= landscape.tiles || tile.values.size() != landscape.quantities.size()) {
    throw Error(ErrorCode::usage, "Tile " + std::to_string(tile.index) +
                                      " does not belong to landscape " +
                                      std::to_string(landscape.id) + ".");
  }
  const std::uint64_t points = pointsInTile(landscape, tile.index);
  for (const std::string& quantity : landscape.quantities) {
    const auto found = tile.values.find(quantity);
    if (found == tile.values.end() || found->second.size() != points) {
      throw Error(ErrorCode::usage, "Tile " + std::to_string(tile.index) + " needs " +
                                        std::to_string(points) + " values of '" + quantity + "'.");
    }
  }
}

std::vector<double> tileValues(const Database& database, const Statement& row, int column,
                               std::uint64_t points) {
  auto values = db::doublesOf(database, row.blob(column), "a tile");
  if (values.size() != points) {
    database.damaged("a tile has " + std::to_string(values.size()) + " values instead of " +
                     std::to_string(points));
  }
  return values;
}

}  // namespace

std::int64_t Project::addLandscape(const StoredLandscape& landscape) {
  if (const std::string fault = faultOf(landscape); !fault.empty()) {
    throw Error(ErrorCode::usage, "This landscape cannot be kept: " + fault + ".",
                "Ask for fewer points.");
  }
  return state_->write([&](Database& database) {
    Statement(database,
              "INSERT INTO landscapes (created, name, experiment_id, direction_set_id, quantities, "
              "tile_points, request, plan, provenance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(db::utcNow())
        .bind(landscape.name)
        .bind(landscape.experiment)
        .bind(landscape.directions)
        .bind(nlohmann::json(landscape.quantities))
        .bind(static_cast<std::int64_t>(landscape.tilePoints))
        .bind(landscape.request)
        .bind(landscape.plan)
        .bind(landscape.provenance)
        .run();
    const std::int64_t id = database.lastInsertId();
    std::int64_t index = 0;
    for (const Axis& axis : landscape.axes) {
      Statement(database,
                "INSERT INTO landscape_axes (landscape_id, axis, label, unit, coordinates) "
                "VALUES (?, ?, ?, ?, ?)")
          .bind(id)
          .bind(index++)
          .bind(axis.label)
          .bind(axis.unit)
          .bind(std::as_bytes(std::span(axis.coordinates)))
          .run();
    }
    return id;
  });
}

void Project::setLandscapePlan(std::int64_t id, const nlohmann::json& plan) {
  state_->write([&](Database& database) {
    StoredLandscape landscape = loadLandscape(database, id, Count::no);
    if (landscape.provenance.is_object()) {
      landscape.provenance["plan"] = plan;
    }
    Statement(database, "UPDATE landscapes SET plan = ?, provenance = ? WHERE id = ?")
        .bind(plan)
        .bind(landscape.provenance)
        .bind(id)
        .run();
    return true;
  });
}

StoredLandscape Project::landscape(std::int64_t id) const {
  return state_->read(
      [&](Database& database) { return loadLandscape(database, id, Count::tiles); });
}

std::vector<StoredLandscape> Project::landscapes() const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kColumns) + "ORDER BY id");
    std::vector<StoredLandscape> all;
    while (row.next()) {
      all.push_back(landscapeOf(database, row, Count::tiles));
    }
    return all;
  });
}

void Project::commitTiles(std::int64_t id, std::span<const StoredTile> tiles) {
  state_->write([&](Database& database) {
    const StoredLandscape landscape = loadLandscape(database, id, Count::no);
    Statement insert(database,
                     "INSERT OR REPLACE INTO tiles (landscape_id, tile, quantity, data) "
                     "VALUES (?, ?, ?, ?)");
    for (const StoredTile& tile : tiles) {
      requireFitting(landscape, tile);
      for (const auto& [quantity, values] : tile.values) {
        insert.bind(id)
            .bind(static_cast<std::int64_t>(tile.index))
            .bind(quantity)
            .bind(std::as_bytes(std::span(values)))
            .run();
      }
    }
    return true;
  });
}

std::vector<std::uint64_t> Project::presentTiles(std::int64_t id) const {
  return state_->read([&](Database& database) {
    return presentTilesOf(database, loadLandscape(database, id, Count::no));
  });
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> Project::presentTileRanges(
    std::int64_t id) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const std::uint64_t tile : presentTiles(id)) {
    if (!ranges.empty() && ranges.back().second + 1 == tile) {
      ranges.back().second = tile;
    } else {
      ranges.emplace_back(tile, tile);
    }
  }
  return ranges;
}

StoredTile Project::tile(std::int64_t id, std::uint64_t index) const {
  return state_->read([&](Database& database) {
    const StoredLandscape landscape = loadLandscape(database, id, Count::no);
    const std::uint64_t points = pointsInTile(landscape, index);
    Statement row(database, "SELECT quantity, data FROM tiles WHERE landscape_id = ? AND tile = ?");
    row.bind(id).bind(static_cast<std::int64_t>(index));
    StoredTile tile{index, {}};
    while (row.next()) {
      tile.values[row.text(0)] = tileValues(database, row, 1, points);
    }
    if (tile.values.empty()) {
      throw Error(ErrorCode::notFound, "Tile " + std::to_string(index) + " of landscape " +
                                           std::to_string(id) + " has not been computed yet.");
    }
    return tile;
  });
}

LandscapeValues Project::landscapeGrid(std::int64_t id, const std::string& quantity) const {
  return state_->read([&](Database& database) {
    const StoredLandscape landscape = loadLandscape(database, id, Count::no);
    const auto& quantities = landscape.quantities;
    if (std::find(quantities.begin(), quantities.end(), quantity) == quantities.end()) {
      throw Error(ErrorCode::notFound, "Landscape " + std::to_string(id) + " of " +
                                           database.name() + " has no '" + quantity + "'.");
    }
    const TileOrder order = orderOf(landscape);
    std::vector<double> values(order.points(), std::numeric_limits<double>::quiet_NaN());
    std::vector<bool> present(landscape.tiles, false);
    Statement row(database, "SELECT tile, data FROM tiles WHERE landscape_id = ? AND quantity = ?");
    row.bind(id).bind(quantity);
    while (row.next()) {
      const auto tile = static_cast<std::uint64_t>(row.integer(0));
      if (tile >= landscape.tiles) {
        database.damaged("landscape " + std::to_string(id) + " has a tile too many");
      }
      const auto points = order.tile(tile);
      const auto data = tileValues(database, row, 1, points.size());
      for (std::size_t i = 0; i < points.size(); ++i) {
        values[points[i]] = data[i];
      }
      present[tile] = true;
    }
    return LandscapeValues{ScalarGrid(landscape.axes, std::move(values)), std::move(present)};
  });
}

}  // namespace tarn
