#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tarn {

/// A rule and its options as the user named them, not yet checked against the engine's registry.
struct NamedOptions {
  std::string name;
  /// An object: option name → number, boolean or word. What is absent takes its default.
  nlohmann::json options = nlohmann::json::object();

  bool operator==(const NamedOptions&) const = default;
};

/// An optimizer and what is put around it.
struct OptimizerSpec {
  std::string name;
  nlohmann::json options = nlohmann::json::object();  ///< as in NamedOptions
  std::vector<NamedOptions> wrappers = {};            ///< the innermost first

  bool operator==(const OptimizerSpec&) const = default;
};

/// Reads `NAME` or `NAME:OPTION=VALUE,OPTION=VALUE…`, for example `adamw:lr=1e-3,weight_decay=0`.
/// Values are numbers, on/off (also true/false, yes/no) or words. Throws Error(usage) that names
/// the piece that is wrong.
NamedOptions parseNamedOptions(std::string_view text);

/// Reads an optimizer in that way, and after a + each wrapper:
/// `adamw:lr=1e-3+sam:rho=0.05+average`. A + begins a wrapper when a letter follows, so that 1e+3
/// stays a number. Throws Error(usage).
OptimizerSpec parseOptimizerSpec(std::string_view text);

/// The form that travels: {"name": …, "options": {…}, "wrappers": [{"name": …, "options": {…}},
/// …]}, the last one absent when there is none; or the text above as a string. Throws Error(usage).
OptimizerSpec optimizerSpecFromJson(const nlohmann::json& value);
nlohmann::json toJson(const OptimizerSpec& spec);

/// The names alone: `adamw+sam`.
std::string shortName(const OptimizerSpec& spec);

}  // namespace tarn
