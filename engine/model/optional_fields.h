#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::engine {

// Keys that may be missing or null. All throw Error(usage) when they are there and of another kind.

inline bool has(const nlohmann::json& map, const std::string& key) {
  const auto found = map.find(key);
  return found != map.end() && !found->is_null();
}

inline std::string textOr(const nlohmann::json& map, const std::string& key,
                          const std::string& fallback) {
  return has(map, key) ? textField(map, key) : fallback;
}

inline std::uint64_t countOr(const nlohmann::json& map, const std::string& key,
                             std::uint64_t fallback) {
  return has(map, key) ? countField(map, key) : fallback;
}

inline double numberOr(const nlohmann::json& map, const std::string& key, double fallback) {
  if (!has(map, key)) {
    return fallback;
  }
  if (!map[key].is_number()) {
    throw Error(ErrorCode::usage, "'" + key + "' must be a number.");
  }
  return map[key].get<double>();
}

}  // namespace tarn::engine
