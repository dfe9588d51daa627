#include "engine/tasks/run_recorder.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "engine/protocol/fields.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/run_comparison.h"
#include "engine/tasks/training_task.h"

namespace tarn {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRecordCommitInterval{200};
constexpr std::size_t kCommitBytes = std::size_t{16} << 20U;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::int64_t stepOf(const json& event) {
  return static_cast<std::int64_t>(countField(event, "step"));
}

StoredMetric metricFromEvent(const json& event) {
  StoredMetric metric;
  metric.step = stepOf(event);
  metric.epoch = event.value("epoch", 0.0);
  metric.loss = optionalNumber(event, "loss").value_or(kNan);
  metric.accuracy = optionalNumber(event, "accuracy");
  metric.gradientNorm = optionalNumber(event, "gradient_norm");
  metric.stepNorm = optionalNumber(event, "step_norm");
  metric.rate = optionalNumber(event, "rate");
  return metric;
}

}  // namespace

RunRecorder::RunRecorder(Project& project, std::int64_t run, TaskObserver& observer)
    : project_(project), run_(run), observer_(observer) {}

void RunRecorder::event(const json& event) {
  const std::string type = event.value("type", "");
  if (type == "metric") {
    lastMetric_ = metricFromEvent(event);
    waiting_.metrics.push_back(*lastMetric_);
  } else if (type == "snapshot" || type == "average") {
    beginSnapshot(event);
  } else if (type == "checkpoint") {
    checkpoint_.step = stepOf(event);
  } else if (type == "run") {
    facts_ = withoutEnvelope(event);
    project_.setRunFacts(run_, facts_);
    if (const json routing = facts_.value("routing", json::array()); !routing.empty()) {
      observer_.onRouting(run_, routing);
    }
  } else {
    relayCommon(event, observer_);
  }
  commitWhenDue();
}

void RunRecorder::array(const std::string& name, ArrayBytes array) {
  const std::size_t bytes = array.bytes.size();
  if (name.starts_with("buffers/")) {
    snapshot_.buffers = toNdArray(std::move(array));
  } else if (name.starts_with("snapshot/")) {
    snapshot_.parameters = toNdArray(std::move(array));
    waiting_.snapshots.push_back(std::exchange(snapshot_, {}));
  } else if (name.starts_with("average/")) {
    snapshot_.parameters = toNdArray(std::move(array));
    averages_.snapshots.push_back(std::exchange(snapshot_, {}));
  } else if (name.starts_with("checkpoint/")) {
    checkpoint_.state = toNdArray(std::move(array));
    waiting_.checkpoint = std::exchange(checkpoint_, {});
  }
  waitingBytes_ += bytes;
  commitWhenDue();
}

void RunRecorder::commit() {
  waitingBytes_ = 0;
  last_ = steady_clock::now();
  // A checkpoint must not come before what it continues from.
  if (!averages_.snapshots.empty()) {
    add(averageRun(), std::exchange(averages_, {}));
  }
  add(run_, std::exchange(waiting_, {}));
}

void RunRecorder::finish(const json& done) {
  commit();
  facts_.update(withoutEnvelope(done));
  project_.setRunFacts(run_, facts_);
  const bool diverged = !facts_.value("diverged_at", json()).is_null();
  end(diverged ? "failed" : "complete");
}

void RunRecorder::end(const std::string& status) {
  project_.setRunStatus(run_, status);
  if (const auto average = averageOf(project_, run_)) {
    project_.setRunStatus(*average, status);
  }
}

void RunRecorder::add(std::int64_t run, const RunRecords& records) {
  if (records.metrics.empty() && records.snapshots.empty() && !records.checkpoint) {
    return;
  }
  project_.addRunRecords(run, records);
  for (const StoredMetric& metric : records.metrics) {
    observer_.onMetric(run, metric);
  }
  for (const StoredSnapshot& snapshot : records.snapshots) {
    observer_.onSnapshot(run, snapshot);
  }
}

std::int64_t RunRecorder::averageRun() {
  if (const auto known = averageOf(project_, run_)) {
    return *known;
  }
  StoredRun average = project_.run(run_);
  average.name += " (average)";
  average.facts[kAverageOf] = run_;
  const std::int64_t id = project_.addRun(average);
  observer_.onRun(project_.run(id));
  return id;
}

void RunRecorder::beginSnapshot(const json& event) {
  snapshot_ = StoredSnapshot();
  snapshot_.step = stepOf(event);
  snapshot_.epoch = event.value("epoch", 0.0);
  snapshot_.loss = optionalNumber(event, "loss").value_or(kNan);
  snapshot_.accuracy = optionalNumber(event, "accuracy");
  if (event.contains("validation")) {
    addHeldOut(event.at("validation"));
  }
}

/// What a snapshot finds on the samples held out goes to the metric of its step.
void RunRecorder::addHeldOut(const json& validation) {
  StoredMetric metric = metricAt(snapshot_.step);
  metric.epoch = snapshot_.epoch;
  metric.probes = json::object();
  for (const auto& [name, key] :
       {std::pair{kValidationLoss, "loss"}, std::pair{kValidationAccuracy, "accuracy"}}) {
    if (const auto number = optionalNumber(validation, key)) {
      metric.probes[name] = *number;
    }
  }
  std::erase_if(waiting_.metrics,
                [&](const StoredMetric& waiting) { return waiting.step == metric.step; });
  waiting_.metrics.push_back(std::move(metric));
}

/// The latest metric when it is of that step; of a run that goes on, what it recorded before. A
/// step without one gets one that says no more than what is asked for.
StoredMetric RunRecorder::metricAt(std::int64_t step) const {
  std::vector<StoredMetric> known;
  if (lastMetric_) {
    known = {*lastMetric_};
  } else {
    known = project_.metrics(run_);
  }
  const auto found = std::ranges::find(known, step, &StoredMetric::step);
  if (found != known.end()) {
    return *found;
  }
  StoredMetric metric;
  metric.step = step;
  metric.loss = kNan;
  return metric;
}

void RunRecorder::commitWhenDue() {
  if (waitingBytes_ >= kCommitBytes || steady_clock::now() - last_ >= kRecordCommitInterval) {
    commit();
  }
}

}  // namespace tarn
