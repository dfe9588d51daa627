#include "engine/tasks/training_words.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <format>
#include <optional>
#include <string_view>

#include "engine/tasks/experiment.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr int kMostValues = 1000;

template <typename Number>
std::optional<Number> numberIn(std::string_view text) {
  Number number{};
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && after == text.data() + text.size();
  return whole && std::isfinite(static_cast<double>(number)) ? std::optional(number) : std::nullopt;
}

/// Four digits, as they are shown: what is recorded is what is read.
double rounded(double value) {
  return numberIn<double>(std::format("{:.4g}", value)).value_or(value);
}

[[noreturn]] void refuseSweep(const std::string& text) {
  throw Error(ErrorCode::usage, "--sweep does not understand '" + text + "'.",
              "Write OPTION=LOW:HIGH:COUNT with 0 < LOW < HIGH and 2 values or more, such as "
              "lr=1e-4:1e-1:7.");
}

}  // namespace

nlohmann::json snapshotsFromText(const std::string& text) {
  constexpr std::string_view kAllLosses = ",losses=all";
  const bool allLosses = text.ends_with(kAllLosses);
  const std::string plan = text.substr(0, text.size() - (allLosses ? kAllLosses.size() : 0));
  const auto colon = plan.find(':');
  const std::string mode = colon == std::string::npos ? "even" : plan.substr(0, colon);
  const auto count =
      numberIn<std::int64_t>(colon == std::string::npos ? plan : plan.substr(colon + 1));
  const bool spaced = mode == "steps" || mode == "epochs";
  if (!count || *count < (spaced ? 1 : 2) || (!spaced && mode != "even" && mode != "log")) {
    throw Error(
        ErrorCode::usage, "--snapshots does not understand '" + text + "'.",
        "Write how many there are to be, 100 (evenly) or log:50; or how far apart, steps:10 "
        "or epochs:1; then ,losses=all when the loss is to be measured at each of them.");
  }
  nlohmann::json settings{{"mode", mode}, {spaced ? "every" : "count", *count}};
  if (allLosses) {
    settings["losses"] = "all";
  }
  return settings;
}

nlohmann::json validationFromText(const std::string& text, const nlohmann::json& experiment) {
  const auto at = text.find('@');
  const auto fraction = numberIn<double>(std::string_view(text).substr(0, at));
  if (!fraction) {
    nlohmann::json data = experiment.at("data");
    data["path"] = absoluteData(text);
    data.erase("subset");
    return {{"data", data}};
  }
  const auto seed = at == std::string::npos ? std::optional<std::int64_t>(0)
                                            : numberIn<std::int64_t>(text.substr(at + 1));
  if (!(*fraction > 0 && *fraction < 1) || !seed || *seed < 0) {
    throw Error(ErrorCode::usage, "--validation does not understand '" + text + "'.",
                "Write the part of the samples that is held out, 0.2 or 0.2@SEED, or a file.");
  }
  return {{"fraction", *fraction}, {"seed", *seed}};
}

Sweep sweepFromText(const std::string& text) {
  const auto equals = text.find('=');
  const auto first = text.find(':', equals);
  const auto second = first == std::string::npos ? first : text.find(':', first + 1);
  if (equals == 0 || equals == std::string::npos || second == std::string::npos) {
    refuseSweep(text);
  }
  const std::string_view view = text;
  const auto low = numberIn<double>(view.substr(equals + 1, first - equals - 1));
  const auto high = numberIn<double>(view.substr(first + 1, second - first - 1));
  const auto count = numberIn<int>(view.substr(second + 1));
  if (!low || !high || !count || !(*low > 0 && *low < *high) || *count < 2 ||
      *count > kMostValues) {
    refuseSweep(text);
  }
  Sweep sweep{text.substr(0, equals), {}};
  const double step = std::log(*high / *low) / (*count - 1);
  for (int i = 0; i < *count; ++i) {
    sweep.values.push_back(rounded(*low * std::exp(step * i)));
  }
  const auto repeated = std::ranges::unique(sweep.values);
  sweep.values.erase(repeated.begin(), repeated.end());
  return sweep;
}

OptimizerSpec atValue(OptimizerSpec spec, const Sweep& sweep, double value) {
  if (spec.options.contains(sweep.option)) {
    throw Error(
        ErrorCode::usage,
        spec.name + " has a value for " + sweep.option + ", and --sweep goes through others.",
        "Leave one of them out.");
  }
  spec.options[sweep.option] = value;
  return spec;
}

}  // namespace tarn
