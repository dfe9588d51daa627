#include "engine/model/parameter_pattern.h"

#include <algorithm>

#include <fnmatch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::size_t longestPattern = 256;

bool matches(const std::string& pattern, const std::string& name) {
  return name == pattern || name.starts_with(pattern + ".") ||
         fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

bool matches(const std::string& pattern, const ParameterGroup& group) {
  return matches(pattern, group.name) ||
         std::ranges::any_of(group.tied,
                             [&](const std::string& name) { return matches(pattern, name); });
}

std::string namesOf(const std::vector<ParameterGroup>& groups) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, groups.size()); ++i) {
    text += (i == 0 ? "" : ", ") + groups[i].name;
  }
  return groups.size() > most ? text + ", …" : text;
}

}  // namespace

std::vector<bool> chosenGroups(const std::vector<ParameterGroup>& groups,
                               const std::vector<std::string>& patterns) {
  std::vector<bool> chosen(groups.size(), !patterns.empty() && patterns.front().starts_with('!'));
  for (const auto& text : patterns) {
    const bool takesOut = text.starts_with('!');
    const auto pattern = text.substr(takesOut ? 1 : 0, longestPattern);
    bool any = false;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (matches(pattern, groups[i])) {
        any = true;
        chosen[i] = !takesOut;
      }
    }
    if (!any) {
      throw Error(ErrorCode::usage,
                  "No parameter of the model is called or matches '" + pattern + "'.",
                  "The model's parameters are " + namesOf(groups) + ".");
    }
  }
  if (std::ranges::find(chosen, true) == chosen.end()) {
    throw Error(ErrorCode::usage, "The choice of parameters leaves none.",
                "The model's parameters are " + namesOf(groups) + ".");
  }
  return chosen;
}

}  // namespace tarn::engine
