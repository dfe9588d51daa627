#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/project/records.h"

namespace tarn {

/// How far a task is. `total` 0: not known yet.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string stage;
  std::string note;
};

/// What a task tells while it runs. Functions are called on the thread that runs the task, one at a
/// time, after the thing they speak of has been committed to the project. Override what you need.
class TaskObserver {
 public:
  virtual ~TaskObserver() = default;
  virtual void onProgress(const Progress&) {}
  virtual void onRemark(const std::string&) {}
  /// A spectrum was computed: the engine's `spectrum` event.
  virtual void onSpectrum(const nlohmann::json&) {}
  /// The landscape is in the project, its tiles are about to come.
  virtual void onLandscape(const StoredLandscape&) {}
  virtual void onTile(std::int64_t /*landscape*/, const StoredTile&) {}
  virtual void onRun(const StoredRun&) {}
  /// Before the first step of a run whose optimizer treats matrices apart: routingText() says it
  /// for people.
  virtual void onRouting(std::int64_t /*run*/, const nlohmann::json& /*routing*/) {}
  virtual void onMetric(std::int64_t /*run*/, const StoredMetric&) {}
  virtual void onSnapshot(std::int64_t /*run*/, const StoredSnapshot&) {}
};

}  // namespace tarn
