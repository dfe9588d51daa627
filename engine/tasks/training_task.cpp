#include "engine/tasks/training_task.h"

#include <chrono>
#include <limits>

#include "engine/protocol/fields.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kCommitInterval{200};

double numberOrNan(const json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_number() ? found->get<double>()
                                                    : std::numeric_limits<double>::quiet_NaN();
}

std::optional<double> optionalNumber(const json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_number() ? std::optional(found->get<double>())
                                                    : std::nullopt;
}

std::int64_t stepOf(const json& event) {
  return static_cast<std::int64_t>(countField(event, "step"));
}

StoredMetric metricFromEvent(const json& event) {
  StoredMetric metric;
  metric.step = stepOf(event);
  metric.epoch = event.value("epoch", 0.0);
  metric.loss = numberOrNan(event, "loss");
  metric.accuracy = optionalNumber(event, "accuracy");
  metric.gradientNorm = optionalNumber(event, "gradient_norm");
  metric.stepNorm = optionalNumber(event, "step_norm");
  metric.rate = optionalNumber(event, "rate");
  return metric;
}

// Puts the events of a run into the project. A snapshot's facts come before its arrays, and its
// buffers (when the model has any) before its parameters.
class RunRecorder {
 public:
  RunRecorder(Project& project, std::int64_t run, TaskObserver& observer)
      : project_(project), run_(run), observer_(observer) {}

  void event(const json& event) {
    const std::string type = event.value("type", "");
    if (type == "metric") {
      metrics_.push_back(metricFromEvent(event));
      if (steady_clock::now() - last_ >= kCommitInterval) {
        flush();
      }
    } else if (type == "snapshot") {
      snapshot_ = StoredSnapshot();
      snapshot_.step = stepOf(event);
      snapshot_.epoch = event.value("epoch", 0.0);
      snapshot_.loss = numberOrNan(event, "loss");
      snapshot_.accuracy = optionalNumber(event, "accuracy");
    } else if (type == "checkpoint") {
      checkpoint_.step = stepOf(event);
    } else if (type == "run") {
      facts_ = withoutEnvelope(event);
      project_.setRunFacts(run_, facts_);
    } else {
      relayCommon(event, observer_);
    }
  }

  void array(const std::string& name, ArrayBytes array) {
    if (name.starts_with("buffers/")) {
      snapshot_.buffers = toNdArray(std::move(array));
    } else if (name.starts_with("snapshot/")) {
      snapshot_.parameters = toNdArray(std::move(array));
      flush();
      project_.addSnapshot(run_, snapshot_);
      observer_.onSnapshot(run_, snapshot_);
    } else if (name.starts_with("checkpoint/")) {
      checkpoint_.state = toNdArray(std::move(array));
      project_.setCheckpoint(run_, checkpoint_);
    }
  }

  void flush() {
    if (metrics_.empty()) {
      return;
    }
    project_.addMetrics(run_, metrics_);
    for (const StoredMetric& metric : metrics_) {
      observer_.onMetric(run_, metric);
    }
    metrics_.clear();
    last_ = steady_clock::now();
  }

  void finish(const json& done) {
    flush();
    facts_.update(withoutEnvelope(done));
    project_.setRunFacts(run_, facts_);
    const bool diverged = !facts_.value("diverged_at", json()).is_null();
    project_.setRunStatus(run_, diverged ? "failed" : "complete");
  }

 private:
  Project& project_;
  std::int64_t run_;
  TaskObserver& observer_;
  std::vector<StoredMetric> metrics_;
  StoredSnapshot snapshot_;
  StoredCheckpoint checkpoint_;
  json facts_ = json::object();
  steady_clock::time_point last_ = steady_clock::now();
};

}  // namespace

StoredRun trainRun(EngineClient& client, Project& project, const OpenedExperiment& opened,
                   const TrainingRequest& request, TaskObserver& observer,
                   const std::stop_token& stop) {
  json message = request.settings;
  message["type"] = "train";
  message["experiment"] = opened.experiment;
  message["optimizer"] = toJson(request.optimizer);

  StoredRun run;
  run.experiment = opened.id;
  run.name = request.name.empty() ? request.optimizer.name : request.name;
  run.optimizer = toJson(request.optimizer);
  run.settings = request.settings;
  run.provenance = provenance(client, opened, message, json());
  run.id = project.addRun(run);
  observer.onRun(project.run(run.id));

  RunRecorder recorder(project, run.id, observer);
  EventSink sink;
  sink.event = [&](const json& event) { recorder.event(event); };
  sink.array = [&](const std::string& name, ArrayBytes array) {
    recorder.array(name, std::move(array));
  };
  try {
    recorder.finish(client.call(message, sink, stop));
  } catch (const Error& error) {
    recorder.flush();
    project.setRunStatus(run.id, error.code() == ErrorCode::cancelled ? "stopped" : "failed");
    throw;
  }
  return project.run(run.id);
}

}  // namespace tarn
