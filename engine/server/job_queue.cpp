#include "engine/server/job_queue.h"

#include <algorithm>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::size_t kMostWaiting = 256;   // compute jobs
constexpr std::size_t kMostImmediate = 16;  // each may carry a frame of 16 MiB

}  // namespace

void JobQueue::push(std::shared_ptr<JobRun> job, Line line) {
  std::unique_lock lock(mutex_);
  if (line == Line::compute && compute_.size() >= kMostWaiting) {
    throw Error(ErrorCode::usage,
                "There are " + std::to_string(kMostWaiting) + " jobs waiting already.",
                "Wait until some are done, or cancel them.");
  }
  if (line == Line::immediate) {
    changed_.wait(lock, [&] { return leaving_ || immediate_.size() < kMostImmediate; });
  }
  if (leaving_) {
    job->requestStop();
  }
  lineOf(line).push_back(std::move(job));
  changed_.notify_all();
}

std::shared_ptr<JobRun> JobQueue::pop(Line line) {
  std::unique_lock lock(mutex_);
  auto& jobs = lineOf(line);
  changed_.wait(lock, [&] { return leaving_ || !jobs.empty(); });
  if (jobs.empty()) {
    return nullptr;
  }
  auto job = std::move(jobs.front());
  jobs.pop_front();
  working_[job->id()] = job;
  if (line == Line::compute) {
    computing_ = job;
  }
  changed_.notify_all();
  return job;
}

void JobQueue::finished(const JobRun& job, Line line) {
  const std::scoped_lock lock(mutex_);
  working_.erase(job.id());
  if (line == Line::compute) {
    computing_.reset();
  }
}

void JobQueue::cancel(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto isIt = [&](const std::shared_ptr<JobRun>& job) { return job->id() == id; };
  if (const auto found = working_.find(id); found != working_.end()) {
    found->second->requestStop();
  }
  if (const auto found = std::find_if(immediate_.begin(), immediate_.end(), isIt);
      found != immediate_.end()) {
    (*found)->requestStop();
  }
  if (const auto found = std::find_if(compute_.begin(), compute_.end(), isIt);
      found != compute_.end()) {
    (*found)->requestStop();
    immediate_.push_back(std::move(*found));
    compute_.erase(found);
    changed_.notify_all();
  }
}

void JobQueue::leave(int exitCode) {
  const std::scoped_lock lock(mutex_);
  if (leaving_) {
    return;
  }
  leaving_ = true;
  exitCode_ = exitCode;
  for (const auto& [id, job] : working_) {
    job->requestStop();
  }
  for (auto* line : {&compute_, &immediate_}) {
    for (const auto& job : *line) {
      job->requestStop();
    }
  }
  changed_.notify_all();
}

bool JobQueue::leaving() const {
  const std::scoped_lock lock(mutex_);
  return leaving_;
}

int JobQueue::exitCode() const {
  const std::scoped_lock lock(mutex_);
  return exitCode_;
}

JobQueue::Running JobQueue::running() const {
  const std::scoped_lock lock(mutex_);
  if (!computing_) {
    return {};
  }
  return {computing_->id(), computing_->done(), computing_->total()};
}

}  // namespace tarn::engine
