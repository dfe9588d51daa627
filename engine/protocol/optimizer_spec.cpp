#include "engine/protocol/optimizer_spec.h"

#include <charconv>
#include <cmath>
#include <cstdint>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::string_view grammar =
    "Write NAME or NAME:OPTION=VALUE,OPTION=VALUE, for example adamw:lr=1e-3,weight_decay=0, and "
    "what is put around it after a +: adamw:lr=1e-3+sam:rho=0.05.";
constexpr std::size_t longestText = 4096;
constexpr std::size_t mostWrappers = 16;

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

void requireShort(std::string_view text) {
  if (text.size() > longestText) {
    throw wrong("The optimizer is described by " + std::to_string(text.size()) +
                " characters, more than the " + std::to_string(longestText) + " that are read.");
  }
}

/// Where the next wrapper's + is.
std::size_t wrapperAt(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const char next = text[i + 1];
    if (text[i] == '+' && ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'))) {
      return i;
    }
  }
  return std::string_view::npos;
}

NamedOptions namedFromJson(const nlohmann::json& value) {
  if (!value.is_object() || !value.contains("name") || !value["name"].is_string()) {
    throw wrong("The request names no optimizer.");
  }
  NamedOptions named;
  named.name = value["name"].get<std::string>();
  if (named.name.size() > longestText || !isWord(named.name)) {
    throw wrong(inQuotes(named.name) + " is not an optimizer's name.");
  }
  if (value.contains("options") && !value["options"].is_null()) {
    if (!value["options"].is_object()) {
      throw wrong("The options of the optimizer " + inQuotes(named.name) + " are not a map.");
    }
    named.options = value["options"];
  }
  return named;
}

void requireFew(std::size_t wrappers) {
  if (wrappers > mostWrappers) {
    throw wrong(std::to_string(wrappers) + " wrappers are around the optimizer; the most is " +
                std::to_string(mostWrappers) + ".");
  }
}

}  // namespace

NamedOptions parseNamedOptions(std::string_view text) {
  requireShort(text);
  NamedOptions named;
  const auto colon = text.find(':');
  named.name = std::string(text.substr(0, colon));
  if (!isWord(named.name)) {
    throw wrong(inQuotes(named.name) + " is not an optimizer's name.");
  }
  if (colon == std::string_view::npos) {
    return named;
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
    if (named.options.contains(name)) {
      throw wrong("The optimizer's option " + inQuotes(name) + " is given twice.");
    }
    named.options[name] = parseValue(value);
    if (comma == std::string_view::npos) {
      return named;
    }
    rest = rest.substr(comma + 1);
  }
}

OptimizerSpec parseOptimizerSpec(std::string_view text) {
  requireShort(text);
  auto plus = wrapperAt(text);
  const NamedOptions inner = parseNamedOptions(text.substr(0, plus));
  OptimizerSpec spec{inner.name, inner.options, {}};
  while (plus != std::string_view::npos) {
    text.remove_prefix(plus + 1);
    plus = wrapperAt(text);
    spec.wrappers.push_back(parseNamedOptions(text.substr(0, plus)));
  }
  requireFew(spec.wrappers.size());
  return spec;
}

OptimizerSpec optimizerSpecFromJson(const nlohmann::json& value) {
  if (value.is_string()) {
    return parseOptimizerSpec(value.get_ref<const std::string&>());
  }
  const NamedOptions inner = namedFromJson(value);
  OptimizerSpec spec{inner.name, inner.options, {}};
  if (value.contains("wrappers") && !value["wrappers"].is_null()) {
    if (!value["wrappers"].is_array()) {
      throw wrong("The wrappers of the optimizer " + inQuotes(spec.name) + " are not a list.");
    }
    requireFew(value["wrappers"].size());
    for (const auto& wrapper : value["wrappers"]) {
      spec.wrappers.push_back(namedFromJson(wrapper));
    }
  }
  return spec;
}

nlohmann::json toJson(const OptimizerSpec& spec) {
  nlohmann::json map = {{"name", spec.name}, {"options", spec.options}};
  for (const NamedOptions& wrapper : spec.wrappers) {
    map["wrappers"].push_back({{"name", wrapper.name}, {"options", wrapper.options}});
  }
  return map;
}

std::string shortName(const OptimizerSpec& spec) {
  std::string text = spec.name;
  for (const NamedOptions& wrapper : spec.wrappers) {
    text += "+" + wrapper.name;
  }
  return text;
}

}  // namespace tarn
