#include "engine/tasks/smad_watch.h"

#include <algorithm>
#include <exception>
#include <format>
#include <limits>
#include <vector>

#include <sys/resource.h>

#include "engine/tasks/run_comparison.h"
#include "engine/tasks/training_task.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

constexpr int kGivesWay = 10;  // of 19, the niceness that gives way to everything
constexpr std::size_t kMostFailures = 3;

bool isMeasured(const std::vector<StoredMetric>& metrics, std::int64_t step) {
  const auto found = std::ranges::find(metrics, step, &StoredMetric::step);
  return found != metrics.end() && found->probes.is_object() && found->probes.contains(kSmad);
}

}  // namespace

SmadWatch::SmadWatch(Surroundings surroundings, std::stop_token stop)
    : with_(std::move(surroundings)),
      stopped_(std::move(stop), [this] { stop_.request_stop(); }),
      worker_([this] { work(); }) {}

SmadWatch::~SmadWatch() {
  stop_.request_stop();
}

void SmadWatch::look(std::int64_t run, bool ended) {
  const std::lock_guard lock(mutex_);
  looked_[run] = looked_[run] || ended;
  news_.notify_all();
}

void SmadWatch::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    news_.notify_all();
  }
  worker_.join();
}

std::optional<std::string> SmadWatch::problemOf(std::int64_t run) const {
  const auto found = failures_.find(run);
  if (found == failures_.end()) {
    return std::nullopt;
  }
  const auto& [count, first] = found->second;
  return std::format("SMAD could not be measured at {} of its snapshots{}: {}", count,
                     count >= kMostFailures ? ", and was given up" : "", first);
}

void SmadWatch::work() {
  // This thread alone, and the engine that it starts.
  setpriority(PRIO_PROCESS, 0, kGivesWay);
  const std::stop_token stop = stop_.get_token();
  while (!stop.stop_requested()) {
    std::map<std::int64_t, bool> looked;
    {
      std::unique_lock lock(mutex_);
      if (due_.empty()) {
        news_.wait(lock, stop, [this] { return finishing_ || !looked_.empty(); });
      }
      looked.swap(looked_);
      if (looked.empty() && due_.empty()) {
        return;  // finishing, or stopped
      }
    }
    for (const auto& [run, ended] : looked) {
      try {
        findDue(run, ended);
      } catch (const std::exception& error) {
        fail(run, error.what());
      }
    }
    if (!due_.empty()) {
      const Place place = due_.front();
      due_.pop_front();
      measure(place);
      ++done_;
      tellProgress();
    }
  }
}

void SmadWatch::findDue(std::int64_t run, bool ended) {
  const auto wish = smadOf(with_.project.run(run).settings);
  if (!wish) {
    return;
  }
  const std::vector<StoredMetric> metrics = with_.project.metrics(run);
  const std::vector<SnapshotInfo> snapshots = with_.project.snapshots(run);
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const bool isDue = i % wish->every == 0 || (ended && i + 1 == snapshots.size());
    const Place place{run, snapshots[i].step};
    if (isDue && !known_.contains(place) && !isMeasured(metrics, place.second)) {
      known_.insert(place);
      due_.push_back(place);
    }
  }
}

void SmadWatch::measure(const Place& place) {
  const auto& [run, step] = place;
  if (failures_.contains(run) && failures_.at(run).count >= kMostFailures) {
    return;
  }
  try {
    const std::stop_token stop = stop_.get_token();
    if (client_ == nullptr || !client_->alive()) {
      client_ = with_.startEngine(stop);
    }
    const SmadWish wish = smadOf(with_.project.run(run).settings).value();
    record(place,
           smadNumbers(smadLandscape(*client_, with_.project, run, step, wish, with_.ask, stop),
                       stop));
  } catch (const std::exception& error) {
    if (!stop_.stop_requested()) {
      fail(run, std::format("at step {}, {}", step, error.what()));
    }
  }
}

void SmadWatch::record(const Place& place, const json& numbers) {
  const auto& [run, step] = place;
  const auto snapshots = with_.project.snapshots(run);
  StoredMetric metric;
  metric.step = step;
  metric.epoch = std::ranges::find(snapshots, step, &SnapshotInfo::step)->epoch;
  metric.loss = std::numeric_limits<double>::quiet_NaN();
  metric.probes = numbers;
  with_.project.addProbes(run, metric);
  with_.measured(run, metric);
}

void SmadWatch::fail(std::int64_t run, const std::string& what) {
  Failures& failures = failures_[run];
  if (failures.count++ == 0) {
    failures.first = what;
    with_.failed(std::format("The SMAD of run {} could not be measured: {}", run, what));
  }
}

void SmadWatch::tellProgress() {
  bool waitedFor = false;
  {
    const std::lock_guard lock(mutex_);
    waitedFor = finishing_;
  }
  if (waitedFor) {
    with_.progress({done_, known_.size(), "SMAD of snapshots", ""});
  }
}

}  // namespace tarn
