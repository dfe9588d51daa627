#pragma once

#include <nlohmann/json.hpp>

#include "engine/project/records.h"

namespace tarn {

/// The engine's `tile` event as it is kept. Throws Error(engine) when its values are no doubles.
StoredTile tileFromEvent(const nlohmann::json& event);

}  // namespace tarn
