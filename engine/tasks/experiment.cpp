#include "engine/tasks/experiment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <sstream>
#include <vector>

#include "engine/protocol/loss.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 8> kBuiltIns{
    "mlp",      "convnet",     "resnet20",         "resnet32",
    "resnet56", "deep-linear", "char-transformer", "pinn-convection"};

/// Data that is made, not read.
constexpr std::string_view kMadeData = "pinn-convection";

Error usage(const std::string& sentence, const std::string& remedy) {
  return {ErrorCode::usage, sentence, remedy};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::string part;
  std::istringstream stream(text);
  while (std::getline(stream, part, separator)) {
    parts.push_back(part);
  }
  return parts;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// "0.5", ".5" or "1/255".
double realOrFraction(const std::string& text, const std::string& key) {
  const auto slash = text.find('/');
  std::optional<double> value = number<double>(std::string_view(text).substr(0, slash));
  if (value && slash != std::string::npos) {
    const auto below = number<double>(std::string_view(text).substr(slash + 1));
    value = below && *below != 0.0 ? std::optional(*value / *below) : std::nullopt;
  }
  if (!value || !std::isfinite(*value)) {
    throw usage("'" + text + "' in --transform " + key + "=… is not a number.",
                "Write numbers as 0.485 or fractions as 1/255.");
  }
  return *value;
}

json realList(const std::string& text, const std::string& key) {
  json list = json::array();
  for (const std::string& part : split(text, ';')) {
    list.push_back(realOrFraction(part, key));
  }
  return list;
}

json subsetFromText(const std::string& text) {
  const auto at = text.find('@');
  const auto count = number<std::uint64_t>(std::string_view(text).substr(0, at));
  json subset{{"count", nullptr}, {"seed", nullptr}};
  if (!count || *count == 0) {
    throw usage("--subset '" + text + "' is not a number of samples.",
                "Write N for the first N samples, or N@SEED for a random N.");
  }
  subset["count"] = *count;
  if (at != std::string::npos) {
    const auto seed = number<std::uint64_t>(std::string_view(text).substr(at + 1));
    if (!seed) {
      throw usage("The seed in --subset '" + text + "' is not a whole number.",
                  "Write N@SEED, for example 200@7.");
    }
    subset["seed"] = *seed;
  }
  return subset;
}

json patternsFromText(const std::string& text) {
  json patterns = json::array();
  for (const std::string& part : split(text, ',')) {
    if (part.empty() || part == "!") {
      throw usage("--parameters '" + text + "' has an empty part.",
                  "Write names, prefixes or patterns separated by commas: 'layer1,*.bias,!head'.");
    }
    patterns.push_back(part);
  }
  return patterns;
}

std::string absolutePath(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

std::string joinReals(const json& list) {
  std::string text;
  for (const json& value : list) {
    text += (text.empty() ? "" : ";") + value.dump();
  }
  return text;
}

std::string textFromTransform(const json& transform) {
  std::string text = "layout=" + transform.value("layout", "none");
  if (transform.contains("scale")) {
    text += ",scale=" + transform.at("scale").dump();
  }
  for (const char* key : {"mean", "std"}) {
    if (transform.contains(key)) {
      text += std::string(",") + key + "=" + joinReals(transform.at(key));
    }
  }
  return text;
}

ExperimentText readExperiment(const json& experiment) {
  ExperimentText text;
  text.model = experiment.at("model").at("spec").get<std::string>();
  const json data = experiment.value("data", json::object());
  text.data = data.value("path", "");
  const json& model = experiment.at("model");
  for (const json& pattern : model.value("parameters", json::array())) {
    text.parameters += (text.parameters.empty() ? "" : ",") + pattern.get<std::string>();
  }
  text.mode = model.value("mode", text.mode);
  text.loss = experiment.value("loss", text.loss);
  text.batchnorm = experiment.value("batchnorm", text.batchnorm);
  text.device = experiment.value("device", text.device);
  text.threads = experiment.value("threads", text.threads);
  text.seed = experiment.value("seed", text.seed);
  text.memoryMib = experiment.value("memory_mib", text.memoryMib);
  if (data.contains("subset") && !data.at("subset").is_null()) {
    const json& subset = data.at("subset");
    text.subset = subset.at("count").dump();
    if (subset.contains("seed") && !subset.at("seed").is_null()) {
      text.subset += "@" + subset.at("seed").dump();
    }
  }
  if (data.contains("transform")) {
    text.transform = textFromTransform(data.at("transform"));
  }
  return text;
}

}  // namespace

bool modelIsFile(const std::string& modelSpec) {
  std::error_code ignored;
  const bool exists = std::filesystem::exists(modelSpec, ignored);
  const auto name = std::string_view(modelSpec).substr(0, modelSpec.find_first_of(":@"));
  return exists || std::ranges::find(kBuiltIns, name) == kBuiltIns.end();
}

std::vector<std::string> dataFiles(const std::string& data) {
  std::error_code ignored;
  if (std::filesystem::exists(data, ignored)) {
    return {data};
  }
  const auto name = std::string_view(data).substr(0, data.find(':'));
  auto files = name == kMadeData ? std::vector<std::string>{} : split(data, ';');
  std::erase(files, "");
  return files;
}

std::string absoluteModel(const std::string& model) {
  if (modelIsFile(model)) {
    return absolutePath(model);
  }
  const auto at = model.find('@');
  const bool hasFile = at != std::string::npos && at + 1 < model.size() &&
                       !std::string_view(model).substr(at + 1).starts_with("init:");
  return hasFile ? model.substr(0, at + 1) + absolutePath(model.substr(at + 1)) : model;
}

std::string absoluteData(const std::string& data) {
  std::string text;
  for (const std::string& file : dataFiles(data)) {
    text += (text.empty() ? "" : ";") + absolutePath(file);
  }
  return text.empty() ? data : text;
}

json transformFromText(const std::string& text) {
  json transform = json::object();
  for (const std::string& part : split(text, ',')) {
    const auto equals = part.find('=');
    const std::string key = part.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    if (key == "layout" && (value == "nchw" || value == "nhwc" || value == "none")) {
      transform["layout"] = value;
    } else if (key == "scale" && !value.empty()) {
      transform["scale"] = realOrFraction(value, key);
    } else if ((key == "mean" || key == "std") && !value.empty()) {
      transform[key] = realList(value, key);
    } else {
      throw usage("'" + part + "' is not a part of a --transform.",
                  "The parts are layout=nhwc|nchw|none, scale=1/255, mean=a;b;c and std=a;b;c, "
                  "separated by commas.");
    }
  }
  return transform;
}

json modelFromText(const ExperimentText& text) {
  if (text.model.empty()) {
    throw usage("No model is given.",
                "Name a TorchScript file or a built-in such as mlp:64-32-10.");
  }
  json model{{"spec", absoluteModel(text.model)}};
  if (!text.parameters.empty()) {
    model["parameters"] = patternsFromText(text.parameters);
  }
  if (text.mode == "train") {
    model["mode"] = text.mode;
  } else if (text.mode != "eval") {
    throw usage("There is no --mode '" + text.mode + "'.", "Choose eval or train.");
  }
  return {{"model", model}, {"threads", text.threads}};
}

json experimentFromText(const ExperimentText& text) {
  json experiment = modelFromText(text);
  if (text.data.empty()) {
    throw usage("No data is given.",
                "Name a file such as an .npz with arrays `inputs` and `targets`.");
  }
  experiment.update({{"data", {{"path", absoluteData(text.data)}}},
                     {"loss", toString(parseLoss(text.loss))},
                     {"batchnorm", text.batchnorm},
                     {"device", text.device},
                     {"seed", text.seed}});
  if (!text.subset.empty()) {
    experiment["data"]["subset"] = subsetFromText(text.subset);
  }
  if (!text.transform.empty()) {
    experiment["data"]["transform"] = transformFromText(text.transform);
  }
  if (text.memoryMib > 0) {
    experiment["memory_mib"] = text.memoryMib;
  }
  return experiment;
}

ExperimentText textFromExperiment(const json& experiment) {
  try {
    return readExperiment(experiment);
  } catch (const json::exception& error) {
    throw Error(
        ErrorCode::badInput,
        asSentence(std::string("This is not an experiment that Tarn wrote: ") + error.what()),
        "Choose another result, or set up the experiment anew.");
  }
}

}  // namespace tarn
