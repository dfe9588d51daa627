#include "engine/tasks/optimizer_list.h"

namespace tarn {

nlohmann::json knownOptimizers(EngineClient& client, const std::stop_token& stop) {
  nlohmann::json list = nlohmann::json::array();
  EventSink sink;
  sink.event = [&](const nlohmann::json& event) {
    if (event.value("type", "") == "optimizers") {
      list = event.at("optimizers");
    }
  };
  client.call({{"type", "optimizers"}}, sink, stop);
  return list;
}

}  // namespace tarn
