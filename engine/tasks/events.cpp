#include "engine/tasks/events.h"

namespace tarn {

nlohmann::json withoutEnvelope(nlohmann::json event) {
  event.erase("job");
  event.erase("type");
  return event;
}

void relayCommon(const nlohmann::json& event, TaskObserver& observer) {
  const std::string type = event.value("type", "");
  if (type == "progress") {
    observer.onProgress({event.value("done", std::uint64_t{0}),
                         event.value("total", std::uint64_t{0}), event.value("stage", ""),
                         event.value("note", "")});
  } else if (type == "log") {
    observer.onRemark(event.value("text", ""));
  }
}

}  // namespace tarn
