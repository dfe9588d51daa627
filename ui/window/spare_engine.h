#pragma once

#include <future>
#include <memory>
#include <mutex>
#include <stop_token>

#include "engine/client/engine_client.h"

namespace tarn::ui {

/// An engine that is started before a job needs it: loading LibTorch takes longer than the first
/// points of many landscapes. May be used from any thread.
class SpareEngine {
 public:
  explicit SpareEngine(EngineCommand command = {}) : command_(std::move(command)) {}
  /// Ends the engine that nobody took.
  ~SpareEngine();
  SpareEngine(const SpareEngine&) = delete;
  SpareEngine& operator=(const SpareEngine&) = delete;

  /// Starts an engine in the background, unless one is there or on its way.
  void prepare();
  /// The engine that was prepared, else a new one. Throws as EngineClient::start().
  std::unique_ptr<EngineClient> take(const std::stop_token& stop);

 private:
  struct Prepared {
    std::stop_source stop;
    std::future<std::unique_ptr<EngineClient>> engine;  ///< null when it could not be started
  };

  EngineCommand command_;
  std::mutex mutex_;
  Prepared prepared_;
};

}  // namespace tarn::ui
