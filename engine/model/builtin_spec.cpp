#include "engine/model/builtin_spec.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t largestExtent = 1'000'000;
constexpr double mostParameters = 1 << 30;

Error wrong(const std::string& sentence, const std::string& grammar) {
  return {ErrorCode::usage, sentence, grammar};
}

std::string inQuotes(std::string_view text) {
  return "'" + std::string(text.substr(0, 80)) + "'";
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text = text.substr(end + 1);
  }
}

template <typename Integer>
std::optional<Integer> wholeNumber(std::string_view text) {
  Integer value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) {
    return std::nullopt;
  }
  return value;
}

void parseStart(BuiltinSpec& spec, std::string_view text, const std::string& grammar) {
  constexpr std::string_view init = "init:";
  constexpr std::string_view ending = ".safetensors";
  if (text.starts_with(init)) {
    const auto seed = wholeNumber<std::uint64_t>(text.substr(init.size()));
    if (!seed) {
      throw wrong("The seed in " + inQuotes(text) + " is not a whole number from 0 on.", grammar);
    }
    spec.seed = *seed;
  } else if (text.size() > ending.size() && text.ends_with(ending)) {
    spec.weightsFile = std::string(text);
  } else {
    throw wrong("What follows @ in the model, " + inQuotes(text) +
                    ", is neither init:SEED nor a .safetensors file.",
                grammar);
  }
}

}  // namespace

BuiltinSpec parseBuiltinSpec(std::string_view text, const std::string& grammar) {
  BuiltinSpec spec;
  const auto at = text.find('@');
  if (at != std::string_view::npos) {
    parseStart(spec, text.substr(at + 1), grammar);
    text = text.substr(0, at);
  }
  const auto colon = text.find(':');
  spec.name = std::string(text.substr(0, colon));
  if (colon == std::string_view::npos) {
    return spec;
  }
  bool first = true;
  for (const std::string_view piece : split(text.substr(colon + 1), ',')) {
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos && first && !piece.empty()) {
      spec.shape = std::string(piece);
    } else if (equals == std::string_view::npos || equals == 0 || equals + 1 == piece.size()) {
      throw wrong("In the model " + inQuotes(text) + ", " + inQuotes(piece) + " is not KEY=VALUE.",
                  grammar);
    } else if (!spec.options.emplace(piece.substr(0, equals), piece.substr(equals + 1)).second) {
      throw wrong("In the model " + inQuotes(text) + ", " + inQuotes(piece.substr(0, equals)) +
                      " is given twice.",
                  grammar);
    }
    first = false;
  }
  return spec;
}

std::string takeWord(BuiltinSpec& spec, const std::string& key,
                     const std::vector<std::string>& words, const std::string& grammar) {
  const auto found = spec.options.find(key);
  if (found == spec.options.end()) {
    return words.front();
  }
  const std::string value = found->second;
  spec.options.erase(found);
  if (std::ranges::find(words, value) == words.end()) {
    throw wrong("The model's option " + inQuotes(key + "=" + value) + " has no such value.",
                grammar);
  }
  return value;
}

at::ScalarType takeDtype(BuiltinSpec& spec, const std::string& grammar) {
  return takeWord(spec, "dtype", {"f32", "f64"}, grammar) == "f64" ? at::kDouble : at::kFloat;
}

std::int64_t takeCount(BuiltinSpec& spec, const std::string& key, std::int64_t fallback,
                       std::int64_t least, std::int64_t most, const std::string& grammar) {
  const auto found = spec.options.find(key);
  if (found == spec.options.end()) {
    return fallback;
  }
  const auto value = wholeNumber<std::int64_t>(found->second);
  if (!value || *value < least || *value > most) {
    throw wrong("The model's option " + inQuotes(key + "=" + found->second) +
                    " is not a whole number from " + std::to_string(least) + " to " +
                    std::to_string(most) + ".",
                grammar);
  }
  spec.options.erase(found);
  return *value;
}

double takeNumber(BuiltinSpec& spec, const std::string& key, double fallback,
                  const std::string& grammar) {
  const auto found = spec.options.find(key);
  if (found == spec.options.end()) {
    return fallback;
  }
  const std::string text = found->second;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) {
    throw wrong("The model's option " + inQuotes(key + "=" + text) + " is not a number.", grammar);
  }
  spec.options.erase(found);
  return value;
}

void expectNoOptions(const BuiltinSpec& spec, const std::string& grammar) {
  if (!spec.options.empty()) {
    throw wrong("The model '" + spec.name + "' has no option " +
                    inQuotes(spec.options.begin()->first) + ".",
                grammar);
  }
}

std::vector<std::int64_t> parseExtents(std::string_view text, char separator,
                                       const std::string& grammar) {
  std::vector<std::int64_t> extents;
  for (const std::string_view piece : split(text, separator)) {
    const auto extent = wholeNumber<std::int64_t>(piece);
    if (!extent || *extent < 1 || *extent > largestExtent) {
      throw wrong("In the model's shape " + inQuotes(text) + ", " + inQuotes(piece) +
                      " is not a whole number from 1 to " + std::to_string(largestExtent) + ".",
                  grammar);
    }
    extents.push_back(*extent);
  }
  return extents;
}

void expectAffordable(const std::vector<std::vector<std::int64_t>>& shapes,
                      const std::string& grammar) {
  double total = 0;
  for (const auto& shape : shapes) {
    double size = 1;
    for (const std::int64_t extent : shape) {
      size *= static_cast<double>(extent);
    }
    total += size;
  }
  if (total > mostParameters) {
    throw wrong("The model would have more than " +
                    std::to_string(static_cast<std::int64_t>(mostParameters)) + " parameters.",
                grammar);
  }
}

}  // namespace tarn::engine
