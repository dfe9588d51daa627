#include "engine/handlers/sample_quantities.h"

#include <charconv>
#include <optional>
#include <span>
#include <string_view>

#include "engine/model/optional_fields.h"

namespace tarn::engine {
namespace {

constexpr std::string_view ofClass = "class_loss/";

std::optional<std::size_t> classOf(const std::string& name) {
  std::size_t index = 0;
  if (!name.starts_with(ofClass)) {
    return std::nullopt;
  }
  const auto* end = name.data() + name.size();
  const auto [stop, failure] = std::from_chars(name.data() + ofClass.size(), end, index);
  return failure == std::errc() && stop == end ? std::optional(index) : std::nullopt;
}

void requireKnown(const std::string& name, const Experiment& experiment) {
  const auto index = classOf(name);
  const bool plain =
      name == "loss" || name == "standard_error" || name == "gradient_norm" || name == "accuracy";
  const bool ofOne = index && experiment.loss.classifies() && !experiment.outputShape.empty() &&
                     *index < static_cast<std::size_t>(experiment.outputShape.back());
  if (!plain && !ofOne) {
    throw Error(ErrorCode::unsupported, "There is no quantity '" + name + "' to sample.",
                "Choose among loss, standard_error, gradient_norm and, for losses of classes, "
                "accuracy and class_loss/0, class_loss/1, ….");
  }
}

}  // namespace

SampleQuantities::SampleQuantities(const std::set<std::string>& names, const Experiment& experiment)
    : names_(names) {
  for (const auto& name : names) {
    requireKnown(name, experiment);
  }
  if (!experiment.loss.classifies()) {
    names_.erase("accuracy");
  }
}

PointWishes SampleQuantities::wishes() const {
  PointWishes result;
  for (const auto& name : names_) {
    result.classLoss = result.classLoss || classOf(name).has_value();
    result.gradientNorm = result.gradientNorm || name == "gradient_norm";
  }
  return result;
}

nlohmann::json SampleQuantities::valuesOf(const TileValues& tile) const {
  const auto bytes = [](const std::vector<double>& values) {
    return binary(std::as_bytes(std::span(values)));
  };
  nlohmann::json result = nlohmann::json::object();
  for (const auto& name : names_) {
    if (const auto index = classOf(name)) {
      result[name] = bytes(tile.classLoss.empty() ? std::vector<double>() : tile.classLoss[*index]);
    } else {
      result[name] = bytes(name == "loss"             ? tile.loss
                           : name == "accuracy"       ? tile.accuracy
                           : name == "standard_error" ? tile.standardError
                                                      : tile.gradientNorm);
    }
  }
  return result;
}

SampleQuantities quantitiesOf(const nlohmann::json& request, const Experiment& experiment) {
  std::set<std::string> names;
  if (has(request, "quantities")) {
    for (const auto& name : request["quantities"]) {
      names.insert(name.is_string() ? name.get<std::string>() : name.dump());
    }
  } else {
    names.insert("loss");
    if (experiment.loss.classifies()) {
      names.insert("accuracy");
    }
  }
  return {names, experiment};
}

}  // namespace tarn::engine
