#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "engine/server/job_run.h"

namespace tarn::engine {

/// The requests that are waiting or being served, and whether the server is leaving. Two lines:
/// compute jobs, and immediate ones. Any thread may call.
class JobQueue {
 public:
  enum class Line { compute, immediate };
  struct Running {
    std::uint64_t job = 0;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };

  /// Adds a job at the end of its line. Throws Error(usage) when too many compute jobs wait. Waits
  /// while the immediate line is long, so that a flood of requests fills the pipe, not the memory.
  void push(std::shared_ptr<JobRun> job, Line line);
  /// The next job, once there is one; nullptr when the server is leaving and the line is empty.
  std::shared_ptr<JobRun> pop(Line line);
  /// Forgets a job that has ended.
  void finished(const JobRun& job, Line line);

  /// Asks a job to stop. One that waits for compute moves to the immediate line, to end there.
  void cancel(std::uint64_t job);
  /// Stops every job and lets pop() return nullptr.
  void leave(int exitCode);

  bool leaving() const;
  int exitCode() const;
  /// The compute job at work.
  Running running() const;

 private:
  std::deque<std::shared_ptr<JobRun>>& lineOf(Line line) {
    return line == Line::compute ? compute_ : immediate_;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<JobRun>> compute_;
  std::deque<std::shared_ptr<JobRun>> immediate_;
  std::map<std::uint64_t, std::shared_ptr<JobRun>> working_;
  std::shared_ptr<JobRun> computing_;
  bool leaving_ = false;
  int exitCode_ = 0;
};

}  // namespace tarn::engine
