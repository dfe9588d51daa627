#include "engine/protocol/optimizer_spec.h"

#include <charconv>
#include <cmath>
#include <cstdint>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::string_view grammar =
    "Write NAME or NAME:OPTION=VALUE,OPTION=VALUE, for example adamw:lr=1e-3,weight_decay=0.";
constexpr std::size_t longestText = 4096;

Error wrong(const std::string& sentence) {
  return {ErrorCode::usage, sentence, std::string(grammar)};
}

std::string inQuotes(std::string_view text) {
  return "'" + std::string(text.substr(0, 80)) + "'";
}

bool isWord(std::string_view text) {
  if (text.empty()) {
    return false;
  }
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
    if (!good) {
      return false;
    }
  }
  return true;
}

nlohmann::json parseValue(std::string_view text) {
  for (const std::string_view yes : {"on", "true", "yes"}) {
    if (text == yes) {
      return true;
    }
  }
  for (const std::string_view no : {"off", "false", "no"}) {
    if (text == no) {
      return false;
    }
  }
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer);
      read.ec == std::errc{} && read.ptr == end) {
    return integer;
  }
  double number = 0;
  if (const auto read = std::from_chars(text.data(), end, number);
      read.ec == std::errc{} && read.ptr == end && std::isfinite(number)) {
    return number;
  }
  return std::string(text);
}

}  // namespace

OptimizerSpec parseOptimizerSpec(std::string_view text) {
  if (text.size() > longestText) {
    throw wrong("The optimizer is described by " + std::to_string(text.size()) +
                " characters, more than the " + std::to_string(longestText) + " that are read.");
  }
  OptimizerSpec spec;
  const auto colon = text.find(':');
  spec.name = std::string(text.substr(0, colon));
  if (!isWord(spec.name)) {
    throw wrong(inQuotes(spec.name) + " is not an optimizer's name.");
  }
  if (colon == std::string_view::npos) {
    return spec;
  }
  std::string_view rest = text.substr(colon + 1);
  while (true) {
    const auto comma = rest.find(',');
    const std::string_view piece = rest.substr(0, comma);
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos) {
      throw wrong("The optimizer's option " + inQuotes(piece) + " has no value.");
    }
    const std::string name(piece.substr(0, equals));
    const std::string_view value = piece.substr(equals + 1);
    if (!isWord(name)) {
      throw wrong(inQuotes(piece) + " is not an option with a value.");
    }
    if (value.empty()) {
      throw wrong("The optimizer's option " + inQuotes(name) + " has no value.");
    }
    if (spec.options.contains(name)) {
      throw wrong("The optimizer's option " + inQuotes(name) + " is given twice.");
    }
    spec.options[name] = parseValue(value);
    if (comma == std::string_view::npos) {
      return spec;
    }
    rest = rest.substr(comma + 1);
  }
}

OptimizerSpec optimizerSpecFromJson(const nlohmann::json& value) {
  if (value.is_string()) {
    return parseOptimizerSpec(value.get_ref<const std::string&>());
  }
  if (!value.is_object() || !value.contains("name") || !value["name"].is_string()) {
    throw wrong("The request names no optimizer.");
  }
  OptimizerSpec spec;
  spec.name = value["name"].get<std::string>();
  if (spec.name.size() > longestText || !isWord(spec.name)) {
    throw wrong(inQuotes(spec.name) + " is not an optimizer's name.");
  }
  if (value.contains("options") && !value["options"].is_null()) {
    if (!value["options"].is_object()) {
      throw wrong("The options of the optimizer " + inQuotes(spec.name) + " are not a map.");
    }
    spec.options = value["options"];
  }
  return spec;
}

nlohmann::json toJson(const OptimizerSpec& spec) {
  return {{"name", spec.name}, {"options", spec.options}};
}

}  // namespace tarn
