#include <algorithm>
#include <functional>

#include "app/export_cells.h"
#include "app/exportable.h"
#include "topology/base/error.h"
#include "ui/scene/spectrum_data.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using ui::SpectrumData;
using ui::SpectrumPart;
using Arrays = std::map<std::string, NdArray>;

/// One number of every element.
template <typename Element, typename Number>
std::vector<double> column(const std::vector<Element>& elements, Number number) {
  std::vector<double> numbers;
  for (const Element& element : elements) {
    numbers.push_back(std::invoke(number, element));
  }
  return numbers;
}

/// Names as UTF-8 text, one a line: arrays have numbers only.
template <typename Element, typename Name>
NdArray names(const std::vector<Element>& elements, Name name) {
  NdArray array;
  array.dtype = DType::uint8;
  for (const Element& element : elements) {
    for (const char letter : std::invoke(name, element) + '\n') {
      array.bytes.push_back(static_cast<std::byte>(letter));
    }
  }
  array.shape = {array.bytes.size()};
  return array;
}

/// A list of lists of numbers, where it is a matrix.
std::optional<NdArray> matrixAt(const json& map, const char* key) {
  if (!map.is_object() || !map.contains(key) || !map.at(key).is_array() || map.at(key).empty()) {
    return std::nullopt;
  }
  const json& rows = map.at(key);
  std::vector<double> values;
  for (const json& row : rows) {
    if (!row.is_array() || row.size() != rows.front().size()) {
      return std::nullopt;
    }
    for (const json& value : row) {
      values.push_back(value.is_number() ? value.get<double>() : std::nan(""));
    }
  }
  return NdArray::fromDoubles({rows.size(), rows.front().size()}, values);
}

void addLayers(Arrays& arrays, const SpectrumData& data) {
  using Layer = ui::LayerCurvature;
  arrays["layers.names"] = names(data.layers, &Layer::layer);
  arrays["layers.parameters"] = doubles(column(data.layers, &Layer::parameters));
  arrays["layers.trace"] = doubles(column(data.layers, &Layer::trace));
  arrays["layers.standard_error"] = doubles(column(data.layers, &Layer::traceError));
  arrays["layers.mean_curvature"] = doubles(column(data.layers, &Layer::meanCurvature));
  arrays["layers.eigenvalue"] = doubles(column(data.layers, &Layer::eigenvalue));
  arrays["layers.residual"] = doubles(column(data.layers, &Layer::residual));
}

void addWeights(Arrays& arrays, const SpectrumData& data) {
  using Weight = ui::WeightSpectrum;
  arrays["weights.names"] = names(data.weights, &Weight::title);
  arrays["weights.alpha_hill"] = doubles(column(data.weights, &Weight::alphaHill));
  arrays["weights.alpha_ks"] = doubles(column(data.weights, &Weight::alphaKs));
  arrays["weights.alpha_hat"] = doubles(column(data.weights, &Weight::alphaHat));
  arrays["weights.stable_rank"] = doubles(column(data.weights, &Weight::stableRank));
  arrays["weights.spectral_norm"] = doubles(column(data.weights, &Weight::spectralNorm));
  arrays["weights.farms_alpha"] = doubles(column(data.weights, &Weight::farmsAlpha));
  for (std::size_t i = 0; i < data.weights.size(); ++i) {
    const Weight& one = data.weights[i];
    std::string key = "weights." + (one.name.empty() ? one.layer : one.name);
    std::ranges::replace(key, '/', '.');  // a path in .h5 and .npz
    key += arrays.contains(key) || key == "weights." ? "." + std::to_string(i) : "";
    arrays[key] = doubles(one.eigenvalues);
  }
}

void addBatches(Arrays& arrays, const SpectrumData& data) {
  using Batch = ui::BatchEigenvalue;
  if (data.halves) {
    arrays["halves.eigenvalues_a"] = doubles(data.halves->first);
    arrays["halves.eigenvalues_b"] = doubles(data.halves->second);
  }
  arrays["batches.samples"] = doubles(column(data.batches, &Batch::batch));
  arrays["batches.eigenvalue"] = doubles(column(data.batches, &Batch::eigenvalue));
  arrays["batches.standard_error"] = doubles(column(data.batches, &Batch::standardError));
}

Arrays spectrumArrays(const StoredSpectrum& spectrum, const SpectrumData& data) {
  Arrays arrays{{"eigenvalues", doubles(column(data.eigenvalues, &ui::RitzValue::value))},
                {"residuals", doubles(column(data.eigenvalues, &ui::RitzValue::residual))}};
  if (!std::isnan(data.trace)) {
    arrays["trace"] = doubles({data.trace, data.traceError});
  }
  if (data.density) {
    arrays["density.values"] = doubles(data.density->values);
    arrays["density.density"] = doubles(data.density->density);
    arrays["density.standard_error"] = doubles(data.density->standardError);
    for (const char* key : {"nodes", "weights"}) {
      if (auto matrix = matrixAt(spectrum.result.at("density"), key)) {
        arrays[std::string("density.") + key] = std::move(*matrix);
      }
    }
  }
  if (data.has(SpectrumPart::layers)) {
    addLayers(arrays, data);
  }
  if (data.has(SpectrumPart::weights)) {
    addWeights(arrays, data);
  }
  if (data.has(SpectrumPart::batches)) {
    addBatches(arrays, data);
  }
  for (std::size_t i = 0; i < spectrum.eigenvectors.size(); ++i) {
    arrays["eigenvector." + std::to_string(i)] = spectrum.eigenvectors[i];
  }
  return arrays;
}

void eigenvalueTable(const SpectrumData& data, const RowSink& add) {
  add({"index", "eigenvalue", "residual"});
  for (std::size_t i = 0; i < data.eigenvalues.size(); ++i) {
    add({text(i + 1), text(data.eigenvalues[i].value), text(data.eigenvalues[i].residual)});
  }
}

void densityTable(const ui::SpectralDensity& density, const RowSink& add) {
  add({"value", "density", "standard_error"});
  for (std::size_t i = 0; i < density.values.size(); ++i) {
    add({text(density.values[i]), text(density.density[i]),
         density.standardError.empty() ? "" : text(density.standardError[i])});
  }
}

void layerTable(const SpectrumData& data, const RowSink& add) {
  add({"layer", "parameters", "trace", "standard_error", "mean_curvature", "eigenvalue",
       "residual"});
  for (const ui::LayerCurvature& layer : data.layers) {
    add({layer.layer, text(layer.parameters), text(layer.trace), text(layer.traceError),
         text(layer.meanCurvature), text(layer.eigenvalue), text(layer.residual)});
  }
}

void weightTable(const SpectrumData& data, const RowSink& add) {
  add({"name", "rows", "columns", "alpha_hill", "alpha_ks", "ks_distance", "ks_minimum",
       "alpha_hat", "stable_rank", "spectral_norm", "farms_alpha", "mp_sigma", "mp_low",
       "mp_high"});
  for (const ui::WeightSpectrum& one : data.weights) {
    add({one.title(), text(one.rows), text(one.columns), text(one.alphaHill), text(one.alphaKs),
         text(one.ksDistance), text(one.ksMinimum), text(one.alphaHat), text(one.stableRank),
         text(one.spectralNorm), text(one.farmsAlpha), text(one.sigma), text(one.lowEdge),
         text(one.highEdge)});
  }
}

void batchTable(const SpectrumData& data, const RowSink& add) {
  add({"samples", "eigenvalue", "standard_error", "ratio"});
  for (const ui::BatchEigenvalue& one : data.batches) {
    add({text(one.batch), text(one.eigenvalue), text(one.standardError), text(one.ratio)});
  }
}

void spectrumTable(const SpectrumData& data, SpectrumPart part, const RowSink& add) {
  switch (part) {
    case SpectrumPart::eigenvalues:
      return eigenvalueTable(data, add);
    case SpectrumPart::density:
      return densityTable(*data.density, add);
    case SpectrumPart::layers:
      return layerTable(data, add);
    case SpectrumPart::weights:
      return weightTable(data, add);
    case SpectrumPart::batches:
      return batchTable(data, add);
  }
}

}  // namespace

Exportable exportSpectrum(const StoredSpectrum& spectrum, const std::string& word,
                          const json& facts) {
  const auto data = std::make_shared<const SpectrumData>(ui::spectrumDataOf(spectrum.result));
  const auto parts = data->parts();
  SpectrumPart part = parts.empty() ? SpectrumPart::eigenvalues : parts.front();
  if (!word.empty()) {
    part = ui::spectrumPartFromString(word);
    if (!data->has(part)) {
      throw Error(ErrorCode::notFound, "This spectrum has no " + word + ".");
    }
  }
  return {[=] { return facts; }, [=] { return spectrumArrays(spectrum, *data); },
          [=] { return doubles(column(data->eigenvalues, &ui::RitzValue::value)); },
          [=](const RowSink& add) { spectrumTable(*data, part, add); }};
}

}  // namespace tarn::app
