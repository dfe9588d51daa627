#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tarn {

// Reading keys of a message that somebody else wrote. All throw Error(usage) with a sentence that
// names the key and what was expected, when it is missing or of another kind.

const nlohmann::json& field(const nlohmann::json& message, const std::string& key);
std::string textField(const nlohmann::json& message, const std::string& key);
/// A whole number ≥ 0.
std::uint64_t countField(const nlohmann::json& message, const std::string& key);
std::vector<std::int64_t> shapeField(const nlohmann::json& message, const std::string& key);
/// A number, if the key is there and holds one: what may also be null or left out.
std::optional<double> optionalNumber(const nlohmann::json& message, const std::string& key);
std::span<const std::byte> bytesField(const nlohmann::json& message, const std::string& key);

/// A binary value for a message.
nlohmann::json binary(std::span<const std::byte> bytes);

}  // namespace tarn
