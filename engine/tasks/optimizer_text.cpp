#include "engine/tasks/optimizer_text.h"

namespace tarn {
namespace {

std::string valueText(const nlohmann::json& value) {
  if (value.is_boolean()) {
    return value.get<bool>() ? "on" : "off";
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string ruleText(const nlohmann::json& rule) {
  if (!rule.is_object() || !rule.contains("name") || !rule.at("name").is_string()) {
    return "";
  }
  std::string text = rule.at("name").get<std::string>();
  if (rule.contains("options") && rule.at("options").is_object()) {
    char before = ':';
    for (const auto& [name, value] : rule.at("options").items()) {
      text += before + name + '=' + valueText(value);
      before = ',';
    }
  }
  return text;
}

}  // namespace

std::string optimizerText(const nlohmann::json& optimizer) {
  std::string text = ruleText(optimizer);
  if (optimizer.is_object() && optimizer.contains("wrappers") &&
      optimizer.at("wrappers").is_array()) {
    for (const nlohmann::json& wrapper : optimizer.at("wrappers")) {
      text += '+' + ruleText(wrapper);
    }
  }
  return text;
}

}  // namespace tarn
