#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/tasks/observer.h"

namespace tarn {

/// Joins what several runs tell, from several threads, into one observer that is called by one at a
/// time.
class GroupProgress {
 public:
  /// `steps` each member has, 0 where that is not known yet.
  GroupProgress(TaskObserver& observer, std::vector<std::string> names,
                const std::vector<std::uint64_t>& steps);

  /// The observer for one member. `kept` is called, without a lock, when a run has snapshots that
  /// are in the project.
  std::unique_ptr<TaskObserver> member(std::size_t index,
                                       std::function<void(std::int64_t run)> kept = {});
  /// Calls with nobody else calling the observer.
  template <typename Call>
  auto alone(Call call) {
    const std::lock_guard lock(mutex_);
    return call(observer_);
  }
  /// A member's progress, among that of the others.
  void report(std::size_t index, const Progress& progress);
  void ended(std::size_t index);
  /// The member's run in the project; 0 before it is there.
  std::int64_t runOf(std::size_t index);
  void begun(std::size_t index, const StoredRun& run);
  /// Returns when all members before this one have begun or ended, or a stop is requested: runs are
  /// numbered as they are listed, whichever engine is ready first.
  void awaitTurn(std::size_t index, const std::stop_token& stop);

 private:
  enum class State { waiting, running, ended };
  struct Member {
    std::string name;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::int64_t run = 0;
    State state = State::waiting;
  };
  Progress joined() const;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  TaskObserver& observer_;
  std::vector<Member> members_;
};

}  // namespace tarn
