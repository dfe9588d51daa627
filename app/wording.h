#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace tarn::app {

// How numbers of a JSON document are written for people.

/// "0.123457": six digits; "undefined" for null.
std::string numberText(const nlohmann::json& value);
/// "41×41".
std::string shapeText(const nlohmann::json& shape);
/// "1 minimum", "2 minima".
std::string counted(std::size_t count, const char* one, const char* several);

}  // namespace tarn::app
