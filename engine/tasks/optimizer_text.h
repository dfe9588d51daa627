#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tarn {

/// A stored run's optimizer as it is written on the command line: "adamw:lr=0.001,weight_decay=0",
/// with "+sam:rho=0.05" where something is wrapped around it. What cannot be read is left out.
std::string optimizerText(const nlohmann::json& optimizer);

}  // namespace tarn
