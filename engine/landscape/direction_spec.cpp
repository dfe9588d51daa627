#include "engine/landscape/direction_spec.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "engine/model/optional_fields.h"

namespace tarn::engine {
namespace {

using Kind = DirectionSpec::Kind;

constexpr std::int64_t mostAxes = 16;

Error unreadable(const std::string& entry) {
  return {ErrorCode::usage, "The direction '" + entry + "' cannot be read.",
          "Write hessian:2 for the two largest eigenvalues' vectors, hessian:-1 for the smallest, "
          "random:2 for two random ones, gradient, update, pca:2, between:CHECKPOINT or "
          "file:PATH."};
}

DirectionSpec plainSpec(Kind kind, std::int64_t rank) {
  DirectionSpec spec;
  spec.kind = kind;
  spec.rank = rank;
  return spec;
}

DirectionSpec fileSpec(const std::string& path) {
  DirectionSpec spec;
  spec.kind = Kind::file;
  spec.source = path;
  spec.label = "file:" + std::filesystem::path(path).filename().string();
  spec.keepsLength = true;
  return spec;
}

DirectionSpec betweenSpec(const std::string& name, const nlohmann::json& checkpoint) {
  DirectionSpec spec;
  spec.kind = Kind::between;
  spec.source = checkpoint;
  spec.label = name;
  spec.keepsLength = true;
  return spec;
}

DirectionSpec specFromMap(const nlohmann::json& map) {
  const auto kind = textField(map, "kind");
  if (kind == "between") {
    return betweenSpec(textField(map, "name"), field(map, "checkpoint"));
  }
  DirectionSpec spec;
  spec.kind = Kind::given;
  spec.word = kind;
  spec.label = textField(map, "name");
  spec.source = textField(map, "array");
  spec.keepsLength = map.value("keep_length", false);
  return spec;
}

/// What is written behind the colon of `file:` and `between:`.
std::string rest(const std::string& entry, std::size_t colon) {
  if (colon == std::string::npos || colon + 1 == entry.size()) {
    throw unreadable(entry);
  }
  return entry.substr(colon + 1);
}

std::int64_t countIn(const std::string& entry, std::size_t colon) {
  std::int64_t count = 1;
  if (colon != std::string::npos) {
    const auto* end = entry.data() + entry.size();
    const auto [stop, failure] = std::from_chars(entry.data() + colon + 1, end, count);
    if (failure != std::errc() || stop != end) {
      throw unreadable(entry);
    }
  }
  return count;
}

}  // namespace

std::string DirectionSpec::name() const {
  const auto place = std::to_string(rank + 1);
  switch (kind) {
    case Kind::hessianTop:
      return "hessian:" + place;
    case Kind::hessianBottom:
      return "hessian:-" + place;
    case Kind::random:
      return "random:" + place;
    case Kind::gradient:
      return "gradient";
    default:
      return label;
  }
}

std::string DirectionSpec::kindWord() const {
  switch (kind) {
    case Kind::hessianTop:
    case Kind::hessianBottom:
      return "hessian";
    case Kind::random:
      return "random";
    case Kind::gradient:
      return "gradient";
    case Kind::file:
      return "file";
    case Kind::between:
      return "between";
    default:
      return word;
  }
}

std::vector<DirectionSpec> directionSpecs(const nlohmann::json& list) {
  std::vector<DirectionSpec> result;
  std::map<Kind, std::int64_t> taken;
  if (!list.is_array()) {
    throw unreadable(list.dump());
  }
  for (const auto& item : list) {
    if (item.is_object()) {
      result.push_back(specFromMap(item));
      continue;
    }
    if (!item.is_string()) {
      throw unreadable(item.dump());
    }
    const auto entry = item.get<std::string>();
    const auto colon = entry.find(':');
    const auto kind = entry.substr(0, colon);
    if (kind == "file") {
      result.push_back(fileSpec(rest(entry, colon)));
      continue;
    }
    if (kind == "between") {
      result.push_back(betweenSpec(entry, {{"spec", rest(entry, colon)}}));
      continue;
    }
    if (entry == "gradient") {
      result.push_back(plainSpec(Kind::gradient, 0));
      continue;
    }
    const auto count = countIn(entry, colon);
    const bool known = kind == "hessian" || (kind == "random" && count > 0);
    if (!known || count == 0 || count > mostAxes || count < -mostAxes) {
      throw unreadable(entry);
    }
    const auto which = kind == "random" ? Kind::random
                       : count > 0      ? Kind::hessianTop
                                        : Kind::hessianBottom;
    for (std::int64_t i = 0; i < std::abs(count); ++i) {
      result.push_back(plainSpec(which, taken[which]++));
    }
  }
  if (result.empty() || result.size() > static_cast<std::size_t>(mostAxes)) {
    throw Error(ErrorCode::usage, "A landscape has 1 to " + std::to_string(mostAxes) + " axes; " +
                                      std::to_string(result.size()) + " were asked for.");
  }
  return result;
}

}  // namespace tarn::engine
