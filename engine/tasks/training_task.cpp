#include "engine/tasks/training_task.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "engine/protocol/fields.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/run_comparison.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRecordCommitInterval{200};
constexpr std::size_t kCommitBytes = std::size_t{16} << 20U;
constexpr const char* kAverageOf = "average_of";
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

// Puts the events of a run into the project, several at a time: waiting for the disk at every
// snapshot would take longer than training a small network does. A snapshot's facts come before its
// arrays, and its buffers (when the model has any) before its parameters. The points of a running
// average go to a run of their own, which is there from the first of them on and ends as the run
// does.
class RunRecorder {
 public:
  RunRecorder(Project& project, std::int64_t run, TaskObserver& observer)
      : project_(project), run_(run), observer_(observer) {}

  void event(const json& event) {
    const std::string type = event.value("type", "");
    if (type == "metric") {
      lastMetric_ = metricFromEvent(event);
      waiting_.metrics.push_back(*lastMetric_);
    } else if (type == "snapshot" || type == "average") {
      snapshot_ = StoredSnapshot();
      snapshot_.step = stepOf(event);
      snapshot_.epoch = event.value("epoch", 0.0);
      snapshot_.loss = optionalNumber(event, "loss").value_or(kNan);
      snapshot_.accuracy = optionalNumber(event, "accuracy");
      if (event.contains("validation")) {
        addHeldOut(event.at("validation"));
      }
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

  void array(const std::string& name, ArrayBytes array) {
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

  void commit() {
    waitingBytes_ = 0;
    last_ = steady_clock::now();
    // A checkpoint must not come before what it continues from.
    if (!averages_.snapshots.empty()) {
      add(averageRun(), std::exchange(averages_, {}));
    }
    add(run_, std::exchange(waiting_, {}));
  }

  void finish(const json& done) {
    commit();
    facts_.update(withoutEnvelope(done));
    project_.setRunFacts(run_, facts_);
    const bool diverged = !facts_.value("diverged_at", json()).is_null();
    end(diverged ? "failed" : "complete");
  }

  void end(const std::string& status) {
    project_.setRunStatus(run_, status);
    if (const auto average = averageOf(project_, run_)) {
      project_.setRunStatus(*average, status);
    }
  }

 private:
  void add(std::int64_t run, const RunRecords& records) {
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

  std::int64_t averageRun() {
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

  /// What a snapshot finds on the samples held out goes to the metric of its step.
  void addHeldOut(const json& validation) {
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
  StoredMetric metricAt(std::int64_t step) const {
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

  void commitWhenDue() {
    if (waitingBytes_ >= kCommitBytes || steady_clock::now() - last_ >= kRecordCommitInterval) {
      commit();
    }
  }

  Project& project_;
  std::int64_t run_;
  TaskObserver& observer_;
  RunRecords waiting_;
  RunRecords averages_;
  std::optional<StoredMetric> lastMetric_;
  std::size_t waitingBytes_ = 0;
  StoredSnapshot snapshot_;      ///< whose arrays are on their way
  StoredCheckpoint checkpoint_;  ///< likewise
  json facts_ = json::object();
  steady_clock::time_point last_ = steady_clock::now();
};

json trainMessage(const OpenedExperiment& opened, const json& optimizer, const json& settings) {
  json message = settings;
  message["type"] = "train";
  message["experiment"] = opened.experiment;
  message["optimizer"] = optimizer;
  return message;
}

StoredRun record(EngineClient& client, Project& project, std::int64_t run, const json& message,
                 TaskObserver& observer, const std::stop_token& stop) {
  observer.onRun(project.run(run));
  RunRecorder recorder(project, run, observer);
  EventSink sink;
  sink.event = [&](const json& event) { recorder.event(event); };
  sink.array = [&](const std::string& name, ArrayBytes array) {
    recorder.array(name, std::move(array));
  };
  try {
    recorder.finish(client.call(message, sink, stop));
  } catch (const Error& error) {
    recorder.commit();
    recorder.end(error.code() == ErrorCode::cancelled ? "stopped" : "failed");
    throw;
  }
  return project.run(run);
}

}  // namespace

json checkTraining(EngineClient& client, const OpenedExperiment& opened,
                   const TrainingRequest& request, const std::stop_token& stop) {
  json message = trainMessage(opened, toJson(request.optimizer), request.settings);
  message["check"] = true;
  json facts;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "run") {
      facts = withoutEnvelope(event);
    }
  };
  client.call(message, sink, stop);
  return facts;
}

StoredRun trainRun(EngineClient& client, Project& project, const OpenedExperiment& opened,
                   const TrainingRequest& request, TaskObserver& observer,
                   const std::stop_token& stop) {
  const json message = trainMessage(opened, toJson(request.optimizer), request.settings);
  StoredRun run;
  run.experiment = opened.id;
  run.name = request.name.empty() ? shortName(request.optimizer) : request.name;
  run.optimizer = toJson(request.optimizer);
  run.settings = request.settings;
  run.provenance = provenance(client, opened, message, json());
  return record(client, project, project.addRun(run), message, observer, stop);
}

std::optional<std::int64_t> averageOf(const Project& project, std::int64_t id) {
  for (const StoredRun& run : project.runs()) {
    if (isAverage(run) && run.facts.at(kAverageOf) == id) {
      return run.id;
    }
  }
  return std::nullopt;
}

bool isAverage(const StoredRun& run) {
  return run.facts.is_object() && run.facts.contains(kAverageOf);
}

bool canResume(const StoredRun& run) {
  if (isAverage(run)) {
    return false;
  }
  const bool diverged = run.facts.is_object() && !run.facts.value("diverged_at", json()).is_null();
  return run.status == "stopped" || (run.status == "failed" && !diverged);
}

StoredRun resumeRun(EngineClient& client, Project& project, std::int64_t id,
                    const TrustQuestion& ask, TaskObserver& observer, const std::stop_token& stop) {
  const StoredRun run = project.run(id);
  if (isAverage(run)) {
    throw Error(ErrorCode::usage,
                "Run " + std::to_string(id) + " is the running average of run " +
                    run.facts.at(kAverageOf).dump() + " and does not go on by itself.",
                "Resume that one.");
  }
  if (!canResume(run)) {
    const bool diverged = run.status == "failed";
    throw Error(ErrorCode::usage,
                "Run " + std::to_string(id) + (diverged ? " has diverged" : " is " + run.status) +
                    ": there is nothing to go on with.",
                "Train a new run instead.");
  }
  const OpenedExperiment opened =
      reopenExperiment(client, project, run.experiment, ask, observer, stop);
  json message = trainMessage(opened, run.optimizer, run.settings);
  if (const auto checkpoint = project.checkpoint(id)) {
    message["resume"] = putArray(client, toArrayBytes(checkpoint->state), stop);
  }
  project.setRunStatus(id, "running");
  return record(client, project, id, message, observer, stop);
}

}  // namespace tarn
