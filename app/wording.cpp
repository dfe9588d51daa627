#include "app/wording.h"

#include <cmath>
#include <cstdint>
#include <format>

namespace tarn::app {

std::string numberText(const nlohmann::json& value) {
  return value.is_number() && std::isfinite(value.get<double>())
             ? std::format("{:.6g}", value.get<double>())
             : "undefined";
}

std::string shapeText(const nlohmann::json& shape) {
  std::string text;
  for (const nlohmann::json& length : shape) {
    text += (text.empty() ? "" : "×") + std::to_string(length.get<std::uint64_t>());
  }
  return text;
}

std::string counted(std::size_t count, const char* one, const char* several) {
  return std::to_string(count) + ' ' + (count == 1 ? one : several);
}

}  // namespace tarn::app
