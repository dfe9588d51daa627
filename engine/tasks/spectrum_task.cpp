#include "engine/tasks/spectrum_task.h"

#include <algorithm>
#include <vector>

#include "engine/project/text.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/weight_spectra_task.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

json messageOf(const OpenedExperiment& opened, const SpectrumRequest& request) {
  json message{
      {"type", "spectrum"},       {"experiment", opened.experiment}, {"top", request.top},
      {"bottom", request.bottom}, {"tolerance", request.tolerance},  {"operator", request.matrix},
      {"method", request.method}};
  if (request.maxProducts > 0) {
    message["max_products"] = request.maxProducts;
  }
  if (!request.trace.empty()) {
    message["trace"] = {{"method", request.trace}, {"probes", request.traceProducts}};
  }
  if (request.perLayer || request.layerEigenvalues) {
    message["layers"] = {{"probes", request.traceProducts},
                         {"eigenvalues", request.layerEigenvalues}};
  }
  if (request.density) {
    message["density"] = {{"steps", request.densitySteps}, {"probes", request.densityProbes}};
  }
  if (!request.bulk.empty()) {
    message["bulk"] = request.bulk;
  }
  if (request.splits > 0) {
    message["splits"] = request.splits;
  }
  if (!request.inflation.empty()) {
    message["inflation"] = {{"batches", request.inflation}, {"repeats", request.inflationRepeats}};
  }
  return message;
}

/// The eigenvalues of all weight matrices have to fit into one text of the project.
void requireRoom(const OpenedExperiment& opened) {
  constexpr std::size_t bytesEach = 20;
  std::size_t numbers = 0;
  for (const json& group : opened.described.value("groups", json::array())) {
    const auto shape = group.value("shape", std::vector<std::size_t>());
    if (shape.size() >= 2) {
      auto count = std::min(shape[0], shape[1]);
      std::for_each(shape.begin() + 2, shape.end(), [&](std::size_t extent) { count *= extent; });
      numbers += count;
    }
  }
  if (numbers > db::mostTextBytes / bytesEach) {
    throw Error(ErrorCode::usage,
                "The weight matrices have " + std::to_string(numbers) +
                    " eigenvalues; a project keeps " +
                    std::to_string(db::mostTextBytes / bytesEach) + " with a spectrum.",
                "Choose some of the layers with --parameters, or leave out --out.");
  }
}

json putStart(EngineClient& client, const Project& project, const OpenedExperiment& opened,
              const SpectrumRequest& request, const std::stop_token& stop) {
  const StoredSpectrum before = project.spectrum(*request.resume);
  const json& values = before.result.value("eigenvalues", json::array());
  if (before.experiment != opened.id ||
      before.result.value("operator", "hessian") != request.matrix ||
      values.size() != before.eigenvectors.size()) {
    throw Error(ErrorCode::badInput,
                "Spectrum " + std::to_string(before.id) +
                    " is of another experiment or matrix: its pairs are of no use here.",
                "Go on with the same model, data, loss and operator, or start anew.");
  }
  json hashes = json::array();
  for (const NdArray& vector : before.eigenvectors) {
    hashes.push_back(putArray(client, toArrayBytes(vector), stop));
  }
  return {{"values", values},
          {"residuals", before.result.value("residuals", json::array())},
          {"vectors", hashes}};
}

}  // namespace

StoredSpectrum computeSpectrum(EngineClient& client, Project* project,
                               const OpenedExperiment& opened, const SpectrumRequest& request,
                               TaskObserver& observer, const std::stop_token& stop) {
  if (request.weights && project != nullptr) {
    requireRoom(opened);
  }
  json message = messageOf(opened, request);
  if (request.resume && project != nullptr) {
    message["start"] = putStart(client, *project, opened, request, stop);
  }

  StoredSpectrum spectrum;
  spectrum.experiment = opened.id;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "spectrum") {
      spectrum.result = withoutEnvelope(event);
      observer.onSpectrum(spectrum.result);
    } else {
      relayCommon(event, observer);
    }
  };
  sink.array = [&](const std::string&, ArrayBytes array) {
    spectrum.eigenvectors.push_back(toNdArray(std::move(array)));
  };
  const json weights = request.weights
                           ? weightSpectra(client, opened.experiment, observer, stop).at("weights")
                           : json();
  const auto record = [&] {
    if (request.weights) {
      spectrum.result["weights"] = weights;
    }
    spectrum.provenance =
        provenance(client, opened, message, spectrum.result.value("plan", json()));
    if (project != nullptr) {
      spectrum.id = project->addSpectrum(spectrum);
    }
  };
  try {
    client.call(message, sink, stop);
  } catch (const Error& error) {
    const bool whole = spectrum.result.is_object() && !spectrum.eigenvectors.empty() &&
                       spectrum.eigenvectors.size() == spectrum.result.at("eigenvalues").size();
    if (error.code() == ErrorCode::cancelled && whole) {
      record();
    }
    throw;
  }
  record();
  return spectrum;
}

}  // namespace tarn
