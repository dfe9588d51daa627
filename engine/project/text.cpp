#include "engine/project/text.h"

#include <chrono>
#include <format>

#include "topology/base/error.h"

namespace tarn::db {

namespace {

constexpr int kMaxDepth = 64;

}  // namespace

std::string toText(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json parseJson(std::string_view text, const std::string& what) {
  const auto limitDepth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > kMaxDepth) {
      throw Error(ErrorCode::badInput, what + " is nested too deeply.");
    }
    return true;
  };
  try {
    return nlohmann::json::parse(text, limitDepth);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::badInput, what + " is not valid JSON (" + error.what() + ").");
  }
}

std::string utcNow() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::format("{:%FT%TZ}", now);
}

}  // namespace tarn::db
