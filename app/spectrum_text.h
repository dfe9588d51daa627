#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tarn::app {

/// A spectrum (the engine's `spectrum` event) as the lines that `tarn spectrum` prints.
std::string spectrumText(const nlohmann::json& result);

}  // namespace tarn::app
