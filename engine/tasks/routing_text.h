#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tarn {

/// Which rule moves which tensor, for people: a line for each rule and reason, with the tensors'
/// names and shapes, at most 100 columns wide. `routing` is that of a `run` event or of a stored
/// run's facts; the text is empty for an optimizer that treats all numbers alike.
std::string routingText(const nlohmann::json& routing);

/// True when an optimizer that treats matrices apart found none to move.
bool movesNoMatrix(const nlohmann::json& routing);

}  // namespace tarn
