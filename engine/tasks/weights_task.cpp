#include "engine/tasks/weights_task.h"

#include "engine/tasks/arrays.h"

namespace tarn {

std::map<std::string, NdArray> modelWeights(EngineClient& client, Project* project,
                                            nlohmann::json model, const TrustQuestion& ask,
                                            const std::stop_token& stop) {
  constexpr std::string_view prefix = "tensor/";
  prepareModel(client, project, model, ask, stop);
  std::map<std::string, NdArray> weights;
  EventSink sink;
  sink.array = [&](const std::string& name, ArrayBytes array) {
    if (name.starts_with(prefix)) {
      weights[name.substr(prefix.size())] = toNdArray(std::move(array));
    }
  };
  client.call({{"type", "weights"}, {"model", model}}, sink, stop);
  return weights;
}

}  // namespace tarn
