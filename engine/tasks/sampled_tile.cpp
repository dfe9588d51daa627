#include "engine/tasks/sampled_tile.h"

#include <cstring>

#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn {

StoredTile tileFromEvent(const nlohmann::json& event) {
  StoredTile tile;
  tile.index = countField(event, "index");
  const std::string key = "values";
  const nlohmann::json& all = field(event, key);
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

}  // namespace tarn
