#include "engine/tasks/spectrum_task.h"

#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/weight_spectra_task.h"

namespace tarn {

StoredSpectrum computeSpectrum(EngineClient& client, Project* project,
                               const OpenedExperiment& opened, const SpectrumRequest& request,
                               TaskObserver& observer, const std::stop_token& stop) {
  nlohmann::json message{{"type", "spectrum"},
                         {"experiment", opened.experiment},
                         {"top", request.top},
                         {"bottom", request.bottom},
                         {"tolerance", request.tolerance}};
  if (request.maxProducts > 0) {
    message["max_products"] = request.maxProducts;
  }

  StoredSpectrum spectrum;
  spectrum.experiment = opened.id;
  EventSink sink;
  sink.event = [&](const nlohmann::json& event) {
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
  const nlohmann::json weights =
      request.weights ? weightSpectra(client, opened.experiment, observer, stop).at("weights")
                      : nlohmann::json();
  client.call(message, sink, stop);
  if (request.weights) {
    spectrum.result["weights"] = weights;
  }

  spectrum.provenance =
      provenance(client, opened, message, spectrum.result.value("plan", nlohmann::json()));
  if (project != nullptr) {
    spectrum.id = project->addSpectrum(spectrum);
  }
  return spectrum;
}

}  // namespace tarn
