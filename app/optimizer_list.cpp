#include "app/optimizer_list.h"

#include <algorithm>
#include <format>
#include <sstream>
#include <vector>

namespace tarn::app {
namespace {

using nlohmann::json;

constexpr std::size_t kWidth = 100;

/// Columns on a terminal: UTF-8's continuation bytes take none.
std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

/// The words in lines of at most kWidth columns; the first begins behind `head`, the others under
/// it.
std::string wrapped(const std::string& head, const std::string& words) {
  const std::size_t indent = columns(head);
  std::string text = head;
  std::size_t width = indent;
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    if (width > indent && width + 1 + columns(word) > kWidth) {
      text += "\n" + std::string(indent, ' ');
      width = indent;
    }
    text += (width > indent ? " " : "") + word;
    width += (width > indent ? 1 : 0) + columns(word);
  }
  return text + "\n";
}

/// "0.02", "5", "on", "qdwh".
std::string valueText(const json& value) {
  if (value.is_boolean()) {
    return value.get<bool>() ? "on" : "off";
  }
  return value.is_string() ? value.get<std::string>() : std::format("{}", value.get<double>());
}

/// What a value may be, where that is more than a number from 0 on: " [0 to below 1]".
std::string rangeText(const json& option) {
  if (option.contains("words")) {
    std::string text;
    for (const json& word : option.at("words")) {
      text += (text.empty() ? " [" : " | ") + word.get<std::string>();
    }
    return text + "]";
  }
  if (option.at("maximum").is_null()) {
    return "";
  }
  return std::format(" [{} to {}{}]", valueText(option.at("minimum")),
                     option.value("maximum_excluded", false) ? "below " : "",
                     valueText(option.at("maximum")));
}

std::string optionText(const json& option) {
  return wrapped(std::format("    {:<24}{:<15}", option.at("name").get<std::string>(),
                             valueText(option.at("default"))),
                 option.value("help", "") + rangeText(option));
}

}  // namespace

std::string optimizerList(const json& optimizers) {
  std::string text;
  std::string shared;
  for (const json& optimizer : optimizers) {
    const std::string name =
        (optimizer.value("wrapper", false) ? "+" : "") + optimizer.at("name").get<std::string>();
    text += wrapped(std::format("{:<19}", name), optimizer.value("summary", ""));
    text += wrapped("    ", "source: " + optimizer.value("source", ""));
    bool routes = false;
    std::string routing;
    for (const json& option : optimizer.at("options")) {
      routes = routes || option.value("routing", false);
      (option.value("routing", false) ? routing : text) += optionText(option);
    }
    if (routes) {
      text += "    and the options of every matrix optimizer, below\n";
      shared = routing;
    }
    text += "\n";
  }
  if (!shared.empty()) {
    text +=
        "Matrix optimizers move tensors of two and more dimensions; first layer, embeddings, head "
        "and\nall vectors go to AdamW. Their common options:\n" +
        shared + "\n";
  }
  return text +
         "Write NAME or NAME:OPTION=VALUE,OPTION=VALUE; numbers without a range begin at 0. What "
         "begins with a\n+ goes around any optimizer: adamw:lr=1e-3+sam:rho=0.05.\n";
}

}  // namespace tarn::app
