#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace tarn {

/// An optimizer as the user named it, not yet checked against the engine's registry.
struct OptimizerSpec {
  std::string name;
  /// An object: option name → number, boolean or word. What is absent takes its default.
  nlohmann::json options = nlohmann::json::object();

  bool operator==(const OptimizerSpec&) const = default;
};

/// Reads `NAME` or `NAME:OPTION=VALUE,OPTION=VALUE…`, for example `adamw:lr=1e-3,weight_decay=0`.
/// Values are numbers, on/off (also true/false, yes/no) or words. Throws Error(usage) that names
/// the piece that is wrong.
OptimizerSpec parseOptimizerSpec(std::string_view text);

/// The form that travels: {"name": …, "options": {…}}, or the text above as a string.
/// Throws Error(usage).
OptimizerSpec optimizerSpecFromJson(const nlohmann::json& value);
nlohmann::json toJson(const OptimizerSpec& spec);

}  // namespace tarn
