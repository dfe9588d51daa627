#include "ui/scene/spectrum_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "topology/base/error.h"
#include "topology/base/text.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

using nlohmann::json;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kLongestName = 120;
constexpr std::array kParts{SpectrumPart::eigenvalues, SpectrumPart::density, SpectrumPart::layers,
                            SpectrumPart::weights, SpectrumPart::batches};
constexpr std::array kPartWords{"eigenvalues", "density", "layers", "weights", "batches"};

const json& at(const json& map, const char* key) {
  static const json none;
  if (!map.is_object()) {
    return none;
  }
  const auto found = map.find(key);
  return found == map.end() ? none : *found;
}

double number(const json& value) {
  if (!value.is_number()) {
    return kUnknown;
  }
  const auto read = value.get<double>();
  return std::isfinite(read) ? read : kUnknown;
}

double number(const json& map, const char* key) {
  return number(at(map, key));
}

std::optional<double> numberOrNone(const json& map, const char* key) {
  const double read = number(map, key);
  return std::isnan(read) ? std::nullopt : std::optional(read);
}

std::vector<double> numbers(const json& map, const char* key) {
  std::vector<double> list;
  if (const json& values = at(map, key); values.is_array()) {
    list.reserve(values.size());
    for (const json& value : values) {
      list.push_back(number(value));
    }
  }
  return list;
}

/// A name as it can be drawn: of one line, not endless.
std::string name(const json& map, const char* key) {
  const json& value = at(map, key);
  if (!value.is_string()) {
    return {};
  }
  auto text = value.get<std::string>();
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (text.size() > kLongestName) {
    std::size_t end = kLongestName;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
      --end;
    }
    text = text.substr(0, end) + "…";
  }
  return text;
}

[[noreturn]] void contradiction(const std::string& what) {
  throw Error(ErrorCode::badInput, "This spectrum contradicts itself: " + what + ".",
              "The project is damaged, or was changed by another program: compute the spectrum "
              "again.");
}

void requireLength(const std::string& what, std::size_t length, std::size_t wanted) {
  if (length != wanted) {
    contradiction(std::to_string(wanted) + " numbers were expected in its " + what +
                  ", and there are " + std::to_string(length));
  }
}

std::vector<RitzValue> ritzValues(const json& result) {
  const auto values = numbers(result, "eigenvalues");
  const auto residuals = numbers(result, "residuals");
  const json& converged = at(result, "converged");
  if (!residuals.empty()) {
    requireLength("residuals", residuals.size(), values.size());
  }
  if (converged.is_array()) {
    requireLength("list of what converged", converged.size(), values.size());
  }
  std::vector<RitzValue> pairs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      continue;
    }
    const bool reached =
        !converged.is_array() || !converged[i].is_boolean() || converged[i].get<bool>();
    pairs.push_back({values[i], residuals.empty() ? kUnknown : std::abs(residuals[i]), reached});
  }
  std::ranges::stable_sort(pairs, std::ranges::greater(), &RitzValue::value);
  return pairs;
}

std::vector<LayerCurvature> layersOf(const json& list) {
  std::vector<LayerCurvature> layers;
  if (!list.is_array()) {
    return layers;
  }
  for (const json& one : list) {
    LayerCurvature layer{name(one, "layer"),
                         number(one, "parameters"),
                         number(one, "trace"),
                         std::abs(number(one, "standard_error")),
                         number(one, "mean_curvature"),
                         number(one, "eigenvalue"),
                         std::abs(number(one, "residual"))};
    if (layer.layer.empty()) {
      layer.layer = std::to_string(layers.size() + 1);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::optional<SpectralDensity> densityOf(const json& map) {
  SpectralDensity density{numbers(map, "values"),         numbers(map, "density"),
                          numbers(map, "standard_error"), number(map, "width"),
                          number(map, "steps"),           number(map, "probes")};
  if (density.values.empty() && density.density.empty()) {
    return std::nullopt;
  }
  requireLength("density", density.density.size(), density.values.size());
  if (!density.standardError.empty()) {
    requireLength("density's standard errors", density.standardError.size(), density.values.size());
  }
  if (density.values.size() < 2) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i + 1 < density.values.size(); ++i) {
    if (!(density.values[i] < density.values[i + 1])) {
      contradiction("the places of its density do not ascend");
    }
  }
  return density;
}

std::vector<WeightSpectrum> weightsOf(const json& list) {
  std::vector<WeightSpectrum> weights;
  if (!list.is_array()) {
    return weights;
  }
  for (const json& one : list) {
    const json& random = at(one, "marchenko_pastur");
    WeightSpectrum weight{
        name(one, "layer"),           name(one, "name"),           name(one, "note"),
        number(one, "rows"),          number(one, "columns"),      numbers(one, "eigenvalues"),
        number(one, "alpha_hill"),    number(one, "alpha_ks"),     number(one, "ks_distance"),
        number(one, "ks_minimum"),    number(one, "alpha_hat"),    number(one, "stable_rank"),
        number(one, "spectral_norm"), number(one, "farms_alpha"),  number(random, "sigma"),
        numberOrNone(random, "low"),  numberOrNone(random, "high")};
    std::erase_if(weight.eigenvalues, [](double value) { return !(value >= 0); });
    std::ranges::sort(weight.eigenvalues);
    const bool edges = weight.lowEdge && weight.highEdge && *weight.lowEdge >= 0 &&
                       *weight.highEdge > *weight.lowEdge;
    if (!edges) {
      weight.lowEdge.reset();
      weight.highEdge.reset();
    }
    weights.push_back(std::move(weight));
  }
  return weights;
}

std::optional<HalvesAgreement> halvesOf(const json& map) {
  HalvesAgreement halves{number(map, "difference_norm"), number(map, "overlap"),
                         number(map, "vectors"),         number(map, "gradient_spread"),
                         numbers(map, "eigenvalues_a"),  numbers(map, "eigenvalues_b")};
  for (auto* values : {&halves.first, &halves.second}) {
    std::erase_if(*values, [](double value) { return std::isnan(value); });
  }
  return halves.first.empty() || halves.second.empty() ? std::nullopt : std::optional(halves);
}

std::vector<BatchEigenvalue> batchesOf(const json& list) {
  std::vector<BatchEigenvalue> batches;
  if (!list.is_array()) {
    return batches;
  }
  for (const json& one : list) {
    const BatchEigenvalue batch{number(one, "batch"), number(one, "eigenvalue"),
                                std::abs(number(one, "standard_error")), number(one, "ratio")};
    if (batch.batch >= 1 && !std::isnan(batch.eigenvalue)) {
      batches.push_back(batch);
    }
  }
  std::ranges::stable_sort(batches, {}, &BatchEigenvalue::batch);
  return batches;
}

std::string operatorOf(const json& result) {
  const std::string word = name(result, "operator");
  return word.empty() || word == "hessian" ? "Hessian"
         : word == "gauss-newton"          ? "Gauss–Newton matrix"
                                           : word;
}

}  // namespace

std::string toString(SpectrumPart part) {
  return kPartWords[static_cast<std::size_t>(part)];
}

SpectrumPart spectrumPartFromString(const std::string& word) {
  const auto found = std::ranges::find(kPartWords, std::string_view(word));
  if (found == kPartWords.end()) {
    throw Error(ErrorCode::usage, "A spectrum has no part '" + word + "'.",
                "Its parts are " + joined({kPartWords.begin(), kPartWords.end()}) + ".");
  }
  return kParts[static_cast<std::size_t>(found - kPartWords.begin())];
}

std::string WeightSpectrum::title() const {
  if (layer.empty() || name.empty() || layer == name) {
    return layer.empty() ? name : layer;
  }
  // "layer.weight" says its layer already.
  return name.starts_with(layer) ? name : layer + " " + name;
}

bool SpectrumData::has(SpectrumPart part) const {
  switch (part) {
    case SpectrumPart::eigenvalues:
      return !eigenvalues.empty();
    case SpectrumPart::density:
      return density.has_value();
    case SpectrumPart::layers:
      return !layers.empty();
    case SpectrumPart::weights:
      return !weights.empty();
    case SpectrumPart::batches:
      return halves.has_value() || !batches.empty();
  }
  return false;
}

std::vector<SpectrumPart> SpectrumData::parts() const {
  std::vector<SpectrumPart> all;
  std::ranges::copy_if(kParts, std::back_inserter(all), [this](auto part) { return has(part); });
  return all;
}

std::optional<std::size_t> SpectrumData::weightsOf(const std::string& layer) const {
  for (const auto& naming : {&WeightSpectrum::layer, &WeightSpectrum::name}) {
    const auto found = std::ranges::find(weights, layer, naming);
    if (found != weights.end()) {
      return static_cast<std::size_t>(found - weights.begin());
    }
  }
  const auto found = std::ranges::find(weights, layer, &WeightSpectrum::title);
  return found == weights.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - weights.begin()));
}

std::string summaryOf(const SpectrumData& data) {
  std::string text;
  if (!data.eigenvalues.empty()) {
    text = "λ₁ " + formatNumber(data.eigenvalues.front().value);
  }
  std::vector<std::string> others;
  if (!std::isnan(data.trace)) {
    others.push_back("trace " + formatNumber(data.trace));
  }
  for (const SpectrumPart part : data.parts()) {
    if (part != SpectrumPart::eigenvalues) {
      others.push_back(toString(part));
    }
  }
  if (others.empty()) {
    return text.empty() ? "empty" : text;
  }
  return text.empty() ? joined(others) : text + "; " + joined(others);
}

SpectrumData spectrumDataOf(const json& result) {
  SpectrumData data;
  data.operatorName = operatorOf(result);
  data.parameters = number(result, "parameters");
  data.samples = number(result, "samples");
  data.loss = number(result, "loss");
  data.products = number(result, "products");
  data.seconds = number(result, "seconds");
  data.eigenvalues = ritzValues(result);
  data.trace = number(at(result, "trace"), "value");
  data.traceError = std::abs(number(at(result, "trace"), "standard_error"));
  data.layers = layersOf(at(result, "layers"));
  data.density = densityOf(at(result, "density"));
  const json& bulk = at(result, "bulk");
  if (const double outliers = number(bulk, "outliers"); outliers >= 0 && outliers < 1e9) {
    data.outliers = static_cast<std::size_t>(outliers);
  }
  data.bulkEdge = numberOrNone(bulk, "edge");
  data.bifurcationRatio = number(bulk, "bifurcation_ratio");
  data.negativeRatio = number(at(result, "lla"), "ratio");
  data.negativeShare = number(at(result, "lla"), "negative_share");
  data.halves = halvesOf(at(result, "splits"));
  data.batches = batchesOf(at(result, "inflation"));
  data.weights = weightsOf(at(result, "weights"));
  return data;
}

}  // namespace tarn::ui
