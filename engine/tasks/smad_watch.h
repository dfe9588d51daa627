#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "engine/tasks/smad_probe.h"

namespace tarn {

/// Measures the SMAD of runs' snapshots beside their training, where their settings ask for it: one
/// at a time, on a thread of its own that gives way to others, with an engine of its own that is
/// started when the first snapshot is due. What it finds goes to the run's metrics. A snapshot that
/// cannot be measured is said by problemOf() and ends nothing.
class SmadWatch {
 public:
  struct Surroundings {
    Project& project;
    std::function<std::unique_ptr<EngineClient>(const std::stop_token&)> startEngine;
    TrustQuestion ask;
    /// A run's first snapshot that could not be measured, in a sentence.
    std::function<void(const std::string&)> failed;
    /// A row of metrics with SMAD was written.
    std::function<void(std::int64_t run, const StoredMetric&)> measured;
    /// So many of those that are due have been measured. Only once finish() waits.
    std::function<void(const Progress&)> progress;
  };

  SmadWatch(Surroundings surroundings, std::stop_token stop);
  /// What has not been measured is left.
  ~SmadWatch();
  SmadWatch(const SmadWatch&) = delete;
  SmadWatch& operator=(const SmadWatch&) = delete;

  /// A run has new snapshots in the project; when it has ended its last one is due as well. Returns
  /// at once.
  void look(std::int64_t run, bool ended);
  /// Waits until all that is due has been measured, or for a stop. Nothing may be looked at later.
  void finish();
  /// What could not be measured of a run, in a sentence; after finish().
  std::optional<std::string> problemOf(std::int64_t run) const;

 private:
  using Place = std::pair<std::int64_t, std::int64_t>;  // run and step

  struct Failures {
    std::size_t count = 0;
    std::string first;
  };

  void work();
  void findDue(std::int64_t run, bool ended);
  void measure(const Place& place);
  void record(const Place& place, const nlohmann::json& numbers);
  void fail(std::int64_t run, const std::string& what);
  void tellProgress();

  Surroundings with_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> stopped_;

  std::mutex mutex_;
  std::condition_variable_any news_;
  std::map<std::int64_t, bool> looked_;  ///< what findDue is to look at, and whether it has ended
  bool finishing_ = false;

  // Of the worker's thread, and of everybody after it.
  std::unique_ptr<EngineClient> client_;
  std::deque<Place> due_;
  std::set<Place> known_;  ///< that were due
  std::map<std::int64_t, Failures> failures_;
  std::size_t done_ = 0;
  std::jthread worker_;
};

}  // namespace tarn
