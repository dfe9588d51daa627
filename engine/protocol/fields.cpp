#include "engine/protocol/fields.h"

#include "topology/base/error.h"

namespace tarn {
namespace {

[[noreturn]] void wrongKind(const std::string& key, const char* expected) {
  throw Error(ErrorCode::usage, "The key '" + key + "' of a message must be " + expected + ".");
}

}  // namespace

const nlohmann::json& field(const nlohmann::json& message, const std::string& key) {
  if (!message.is_object() || !message.contains(key)) {
    throw Error(ErrorCode::usage, "A message lacks the key '" + key + "'.");
  }
  return message.at(key);
}

std::string textField(const nlohmann::json& message, const std::string& key) {
  const auto& value = field(message, key);
  if (!value.is_string()) {
    wrongKind(key, "text");
  }
  return value.get<std::string>();
}

std::uint64_t countField(const nlohmann::json& message, const std::string& key) {
  const auto& value = field(message, key);
  if (!value.is_number_integer() ||
      (!value.is_number_unsigned() && value.get<std::int64_t>() < 0)) {
    wrongKind(key, "a whole number ≥ 0");
  }
  return value.get<std::uint64_t>();
}

std::vector<std::int64_t> shapeField(const nlohmann::json& message, const std::string& key) {
  const auto& value = field(message, key);
  if (!value.is_array() || value.size() > 64) {
    wrongKind(key, "a list of at most 64 extents");
  }
  std::vector<std::int64_t> shape;
  for (const auto& extent : value) {
    const bool isExtent =
        extent.is_number_integer() && extent.get<std::int64_t>() >= 0 &&
        (!extent.is_number_unsigned() || extent.get<std::uint64_t>() <= INT64_MAX);
    if (!isExtent) {
      wrongKind(key, "a list of whole numbers ≥ 0");
    }
    shape.push_back(extent.get<std::int64_t>());
  }
  return shape;
}

std::optional<double> optionalNumber(const nlohmann::json& message, const std::string& key) {
  const auto found = message.find(key);
  return found != message.end() && found->is_number() ? std::optional(found->get<double>())
                                                      : std::nullopt;
}

std::span<const std::byte> bytesField(const nlohmann::json& message, const std::string& key) {
  const auto& value = field(message, key);
  if (!value.is_binary()) {
    wrongKind(key, "bytes");
  }
  const auto& bytes = value.get_binary();
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

nlohmann::json binary(std::span<const std::byte> bytes) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return nlohmann::json::binary(std::vector<std::uint8_t>(first, first + bytes.size()));
}

}  // namespace tarn
