#include "engine/project/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "topology/base/error.h"

namespace tarn {

namespace {

struct KindName {
  ResultKind kind;
  std::string_view text;
};
constexpr std::array<KindName, 6> kKindNames{{{ResultKind::experiment, "experiment"},
                                              {ResultKind::directions, "directions"},
                                              {ResultKind::spectrum, "spectrum"},
                                              {ResultKind::landscape, "landscape"},
                                              {ResultKind::run, "run"},
                                              {ResultKind::analysis, "analysis"}}};

std::optional<ResultKind> findKind(std::string_view text) {
  const auto* found = std::find_if(kKindNames.begin(), kKindNames.end(),
                                   [&](const KindName& n) { return n.text == text; });
  return found == kKindNames.end() ? std::nullopt : std::optional(found->kind);
}

bool isWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool isNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t parseId(std::string_view text, std::string_view address) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 1) {
    throw Error(ErrorCode::usage,
                "'" + std::string(address) + "' is no address: '" + std::string(text) +
                    "' is not the number of a result.",
                "Write it like NAME.tarn#landscape/3.");
  }
  return id;
}

}  // namespace

std::string_view toString(ResultKind kind) {
  return std::find_if(kKindNames.begin(), kKindNames.end(),
                      [&](const KindName& n) { return n.kind == kind; })
      ->text;
}

ResultKind resultKindFromString(std::string_view name) {
  if (const auto kind = findKind(name)) {
    return *kind;
  }
  throw Error(ErrorCode::usage, "There are no results of the kind '" + std::string(name) + "'.",
              "The kinds are experiment, directions, spectrum, landscape, run and analysis.");
}

ResultAddress parseAddress(std::string_view text) {
  const auto hash = text.rfind('#');
  if (hash != std::string_view::npos && hash > 0) {
    const std::string_view path = text.substr(0, hash);
    const std::string_view fragment = text.substr(hash + 1);
    const auto slash = fragment.find('/');
    const std::string_view word = fragment.substr(0, slash);
    if (slash == std::string_view::npos) {
      if (const auto kind = findKind(word)) {
        return {path, *kind, 0};
      }
    } else if (findKind(word) || (isWord(word) && isNumber(fragment.substr(slash + 1)))) {
      return {path, resultKindFromString(word), parseId(fragment.substr(slash + 1), text)};
    }
  }
  return {text, ResultKind::landscape, 0};
}

std::string formatAddress(const ResultAddress& address) {
  std::string text = address.path.string() + "#" + std::string(toString(address.kind));
  return address.id > 0 ? text + "/" + std::to_string(address.id) : text;
}

}  // namespace tarn
