#include "topology/base/error.h"

#include <array>
#include <utility>

namespace tarn {
namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 11> kNames{{
    {ErrorCode::usage, "usage"},
    {ErrorCode::badInput, "bad-input"},
    {ErrorCode::notFound, "not-found"},
    {ErrorCode::unsupported, "unsupported"},
    {ErrorCode::io, "io"},
    {ErrorCode::memory, "memory"},
    {ErrorCode::untrusted, "untrusted"},
    {ErrorCode::numerical, "numerical"},
    {ErrorCode::cancelled, "cancelled"},
    {ErrorCode::engine, "engine"},
    {ErrorCode::internal, "internal"},
}};

}  // namespace

std::string_view toString(ErrorCode code) {
  for (const auto& [known, name] : kNames) {
    if (known == code) {
      return name;
    }
  }
  return "internal";
}

ErrorCode errorCodeFromString(std::string_view name) {
  for (const auto& [code, known] : kNames) {
    if (known == name) {
      return code;
    }
  }
  return ErrorCode::internal;
}

std::string asSentence(std::string words) {
  words.erase(words.find_last_not_of(" \t\r\n") + 1);
  if (!words.ends_with('.') && !words.ends_with("…")) {
    words += '.';
  }
  return words;
}

}  // namespace tarn
