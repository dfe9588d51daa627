#pragma once

#include <nlohmann/json.hpp>
#include <stop_token>

#include "engine/client/engine_client.h"

namespace tarn {

/// Every optimizer that an engine has, with its options: the `optimizers` answer of the pipe.
/// Throws the engine's errors.
nlohmann::json knownOptimizers(EngineClient& client, const std::stop_token& stop = {});

}  // namespace tarn
