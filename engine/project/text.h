#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace tarn::db {

/// The longest JSON text that a project keeps. Rows have at most four, and together they stay below
/// a row's own limit.
inline constexpr std::size_t mostTextBytes = std::size_t{8} << 20U;

/// Compact JSON with sorted keys: equal values give equal text. Bytes that are not UTF-8 become
/// U+FFFD, numbers that are not finite become null.
std::string toText(const nlohmann::json& value);

/// Throws Error(badInput) for what is not JSON or nested more than 64 deep; `what` names it.
nlohmann::json parseJson(std::string_view text, const std::string& what);

/// Now, as "2025-01-31T12:00:00Z".
std::string utcNow();

}  // namespace tarn::db
