#include "ui/window/spare_engine.h"

#include <utility>

#include "topology/base/error.h"

namespace tarn::ui {

SpareEngine::~SpareEngine() {
  prepared_.stop.request_stop();
}

void SpareEngine::prepare() {
  const std::lock_guard lock(mutex_);
  if (prepared_.engine.valid()) {
    return;
  }
  prepared_.stop = {};
  prepared_.engine = std::async(
      std::launch::async,
      [command = command_, stop = prepared_.stop.get_token()]() -> std::unique_ptr<EngineClient> {
        try {
          return EngineClient::start(command, stop);
        } catch (const Error&) {
          return nullptr;  // who takes one is told why there is none
        }
      });
}

std::unique_ptr<EngineClient> SpareEngine::take(const std::stop_token& stop) {
  Prepared prepared;
  {
    const std::lock_guard lock(mutex_);
    prepared = std::move(prepared_);
    prepared_ = {};
  }
  const std::stop_callback end(stop, [&] { prepared.stop.request_stop(); });
  if (prepared.engine.valid()) {
    if (auto engine = prepared.engine.get(); engine != nullptr && engine->alive()) {
      return engine;
    }
  }
  return EngineClient::start(command_, stop);
}

}  // namespace tarn::ui
