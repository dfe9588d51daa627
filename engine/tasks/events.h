#pragma once

#include <nlohmann/json.hpp>

#include "engine/tasks/observer.h"

namespace tarn {

/// An event without `job` and `type`: what it says.
nlohmann::json withoutEnvelope(nlohmann::json event);

/// Hands `progress` and `log` events to the observer; others are ignored.
void relayCommon(const nlohmann::json& event, TaskObserver& observer);

}  // namespace tarn
