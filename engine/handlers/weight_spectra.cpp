#include <algorithm>
#include <string>
#include <thread>

#include <torch/torch.h>

#include "engine/diagnostics/weight_spectrum.h"
#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/model/optional_fields.h"

namespace tarn::engine {
namespace {

int threadsFor(const nlohmann::json& request) {
  const auto asked = std::min<std::uint64_t>(countOr(request, "threads", 0), 1024);
  return static_cast<int>(asked > 0 ? asked : std::max(1U, std::thread::hardware_concurrency()));
}

nlohmann::json edgesOf(const std::optional<MarchenkoPastur>& edges) {
  if (!edges) {
    return nullptr;
  }
  return {{"sigma", edges->sigma}, {"low", edges->low}, {"high", edges->high}};
}

nlohmann::json layerEvent(std::int64_t index, const ParameterGroup& group,
                          const WeightSpectrum& spectrum) {
  const auto& tail = spectrum.tail;
  nlohmann::json event{{"type", "layer"},
                       {"index", index},
                       {"layer", group.layer},
                       {"name", group.name},
                       {"shape", group.shape},
                       {"rows", spectrum.rows},
                       {"columns", spectrum.columns},
                       {"alpha_hill", numberOrNull(spectrum.alphaHill)},
                       {"alpha_ks", tail ? numberOrNull(tail->alpha) : nullptr},
                       {"ks_distance", tail ? numberOrNull(tail->distance) : nullptr},
                       {"ks_minimum", tail ? numberOrNull(tail->minimum) : nullptr},
                       {"alpha_hat", numberOrNull(spectrum.alphaHat)},
                       {"stable_rank", numberOrNull(spectrum.stableRank)},
                       {"spectral_norm", numberOrNull(spectrum.spectralNorm)},
                       {"farms_alpha", numberOrNull(spectrum.farmsAlpha)},
                       {"marchenko_pastur", edgesOf(spectrum.marchenkoPastur)}};
  if (!spectrum.note.empty()) {
    event["note"] = spectrum.note;
  }
  return event;
}

std::vector<ParameterGroup> matricesOf(const ParameterSpace& space) {
  std::vector<ParameterGroup> result;
  std::copy_if(space.groups().begin(), space.groups().end(), std::back_inserter(result),
               [](const ParameterGroup& group) { return group.shape.size() >= 2; });
  return result;
}

}  // namespace

nlohmann::json handleWeightSpectra(JobContext& job) {
  at::set_num_threads(threadsFor(job.request()));
  const auto model = openModel(field(job.request(), "model"), arraysOf(job));
  const auto& space = model->parameters();
  const auto layers = matricesOf(space);
  std::int64_t index = 0;
  for (const auto& layer : layers) {
    job.progress(static_cast<std::uint64_t>(index), layers.size(), "weight spectra", layer.name);
    const auto spectrum =
        weightSpectrum(space.view(space.flat(), layer), [&job] { job.checkpoint(); });
    job.send(layerEvent(index, layer, spectrum));
    const std::int64_t count = static_cast<std::int64_t>(spectrum.eigenvalues.size());
    job.sendArray("eigenvalues/" + std::to_string(index), "f64", std::span(&count, 1),
                  std::as_bytes(std::span(spectrum.eigenvalues)));
    ++index;
  }
  return {{"parameters", space.size()},
          {"dtype", space.dtype() == at::kFloat ? "f32" : "f64"},
          {"model_sha256", model->sha256()}};
}

}  // namespace tarn::engine
