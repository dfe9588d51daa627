#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tarn::app {

/// The engine's optimizers for people, at most 100 columns wide: each with its own options, and
/// once, at the end, those that all matrix optimizers share.
std::string optimizerList(const nlohmann::json& optimizers);

}  // namespace tarn::app
