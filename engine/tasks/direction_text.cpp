#include "engine/tasks/direction_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "engine/tasks/experiment.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

/// More axes than the engine takes: it, or the number of points, says what is wrong with them.
constexpr std::int64_t kMostCounted = 1000;
constexpr std::int64_t kMostWays = 16;

Error unreadableWord(const std::string& word) {
  return {ErrorCode::usage, "The direction '" + word + "' cannot be read.",
          "Write hessian:2, hessian:-1, random:2, gradient, update[@RUN], pca:2[@RUN], "
          "between:B, between:A;B[;C] or file:PATH."};
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failure == std::errc() && stop == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::vector<std::string> checkpointsIn(const std::string& text, const std::string& word) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ';');) {
    parts.push_back(part);
  }
  if (parts.empty() || parts.size() > 3 || std::ranges::find(parts, "") != parts.end() ||
      text.ends_with(';')) {
    throw unreadableWord(word);
  }
  return parts;
}

/// "@RUN" or "@run/RUN"; nothing of an empty text.
std::optional<std::int64_t> runIn(std::string_view text, const std::string& word) {
  if (text.empty()) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  text.remove_prefix(text.starts_with("run/") ? 4 : 0);
  const auto run = wholeNumber(text);
  if (!run) {
    throw unreadableWord(word);
  }
  return run;
}

}  // namespace

std::size_t DirectionWord::axes() const {
  return kind == "between" ? ends().size() : static_cast<std::size_t>(std::abs(count));
}

std::vector<std::string> DirectionWord::ends() const {
  return {checkpoints.begin() + (checkpoints.size() > 1 ? 1 : 0), checkpoints.end()};
}

DirectionWord parseDirection(const std::string& word) {
  const auto colon = std::min(word.find(':'), word.size());
  DirectionWord result{word.substr(0, std::min(colon, word.find('@')))};
  if (result.kind == "between" || result.kind == "file") {
    const std::string rest = word.substr(std::min(colon + 1, word.size()));
    if (rest.empty()) {
      throw unreadableWord(word);
    }
    if (result.kind == "file") {
      result.path = rest;
    } else {
      result.checkpoints = checkpointsIn(rest, word);
    }
    return result;
  }
  const bool ofRun = result.kind == "pca" || result.kind == "update";
  const auto at = ofRun ? std::min(word.find('@'), word.size()) : word.size();
  const bool counted = colon < at;
  if (ofRun) {
    result.run = runIn(std::string_view(word).substr(at), word);
  }
  if (counted) {
    result.count =
        wholeNumber(std::string_view(word).substr(colon + 1, at - colon - 1)).value_or(0);
  }
  const auto most = result.kind == "pca" ? kMostWays : kMostCounted;
  const bool counts = result.kind == "hessian" || result.kind == "random" || result.kind == "pca";
  const bool known =
      ofRun || ((counts || result.kind == "gradient") && word.find('@') == std::string::npos);
  const bool fits = std::abs(result.count) <= most && result.count != 0 &&
                    (result.count > 0 || result.kind == "hessian");
  if (!known || !fits || (counted && !counts)) {
    throw unreadableWord(word);
  }
  return result;
}

std::string toString(const DirectionWord& word) {
  std::string text = word.kind;
  if (word.kind == "between") {
    for (std::size_t i = 0; i < word.checkpoints.size(); ++i) {
      text += (i == 0 ? ":" : ";") + word.checkpoints[i];
    }
  } else if (word.kind == "file") {
    text += ":" + word.path;
  } else if (word.kind == "hessian" || word.kind == "random" || word.kind == "pca") {
    text += ":" + std::to_string(word.count);
  }
  return word.run ? text + "@run/" + std::to_string(*word.run) : text;
}

json checkpointFromText(const std::string& text) {
  if (!text.starts_with("run/")) {
    return {{"spec", modelIsFile(text) ? absoluteModel(text) : text}};
  }
  const auto at = text.find('@');
  const auto run = wholeNumber(
      std::string_view(text).substr(4, at == std::string::npos ? std::string::npos : at - 4));
  const auto step =
      at == std::string::npos ? std::nullopt : wholeNumber(std::string_view(text).substr(at + 1));
  if (!run || (at != std::string::npos && !step)) {
    throw Error(ErrorCode::usage, "'" + text + "' is no snapshot of a run.",
                "Write run/ID for its end, or run/ID@STEP.");
  }
  return {{"run", *run}, {"step", step ? json(*step) : json()}};
}

}  // namespace tarn
