#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/project/project.h"
#include "engine/protocol/array_bytes.h"
#include "engine/tasks/observer.h"

namespace tarn {

/// In the facts of a running average, the run that it is of.
inline constexpr const char* kAverageOf = "average_of";

/// Puts the events of a run into the project, several at a time: waiting for the disk at every
/// snapshot would take longer than training a small network does. A snapshot's facts come before
/// its arrays, and its buffers (when the model has any) before its parameters. The points of a
/// running average go to a run of their own, which is there from the first of them on and ends as
/// the run does. All functions throw the project's errors.
class RunRecorder {
 public:
  /// Both are used as long as this lives.
  RunRecorder(Project& project, std::int64_t run, TaskObserver& observer);

  void event(const nlohmann::json& event);
  void array(const std::string& name, ArrayBytes array);

  /// Writes what has come so far, and tells the observer of it.
  void commit();
  /// The run ended by itself, with the engine's `done`.
  void finish(const nlohmann::json& done);
  /// Gives the run its last status, and its running average too.
  void end(const std::string& status);

 private:
  void add(std::int64_t run, const RunRecords& records);
  std::int64_t averageRun();
  void beginSnapshot(const nlohmann::json& event);
  void addHeldOut(const nlohmann::json& validation);
  StoredMetric metricAt(std::int64_t step) const;
  void commitWhenDue();

  Project& project_;
  std::int64_t run_;
  TaskObserver& observer_;
  RunRecords waiting_;
  RunRecords averages_;
  std::optional<StoredMetric> lastMetric_;
  std::size_t waitingBytes_ = 0;
  StoredSnapshot snapshot_;      ///< whose arrays are on their way
  StoredCheckpoint checkpoint_;  ///< likewise
  nlohmann::json facts_ = nlohmann::json::object();
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace tarn
