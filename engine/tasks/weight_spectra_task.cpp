#include "engine/tasks/weight_spectra_task.h"

#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

json requestFor(const json& experiment) {
  return {{"type", "weight_spectra"},
          {"model", experiment.at("model")},
          {"threads", experiment.value("threads", 0)}};
}

}  // namespace

json weightSpectra(EngineClient& client, const json& experiment, TaskObserver& observer,
                   const std::stop_token& stop) {
  json layers = json::array();
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "layer") {
      json layer = withoutEnvelope(event);
      layer.erase("index");
      layers.push_back(std::move(layer));
    } else {
      relayCommon(event, observer);
    }
  };
  // A layer's eigenvalues come after its facts.
  sink.array = [&](const std::string&, ArrayBytes array) {
    if (layers.empty()) {
      throw Error(ErrorCode::engine, "The engine sent eigenvalues of no layer.");
    }
    layers.back()["eigenvalues"] = toNdArray(std::move(array)).toDoubles();
  };
  json result = withoutEnvelope(client.call(requestFor(experiment), sink, stop));
  result["weights"] = std::move(layers);
  return result;
}

StoredSpectrum computeWeightSpectra(EngineClient& client, Project* project, json experiment,
                                    const TrustQuestion& ask, TaskObserver& observer,
                                    const std::stop_token& stop) {
  OpenedExperiment opened;
  prepareModel(client, project, experiment.at("model"), ask, stop);
  opened.experiment = std::move(experiment);

  StoredSpectrum spectrum;
  spectrum.result = weightSpectra(client, opened.experiment, observer, stop);
  opened.described = spectrum.result;
  opened.described.erase("weights");
  spectrum.provenance = provenance(client, opened, requestFor(opened.experiment), json());
  if (project != nullptr) {
    opened.id = addExperiment(client, *project, opened);
    spectrum.experiment = opened.id;
    spectrum.id = project->addSpectrum(spectrum);
  }
  return spectrum;
}

}  // namespace tarn
