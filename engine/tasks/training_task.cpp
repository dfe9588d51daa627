#include "engine/tasks/training_task.h"

#include <optional>
#include <utility>

#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/run_recorder.h"
#include "engine/tasks/smad_probe.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

json trainMessage(const OpenedExperiment& opened, const json& optimizer, const json& settings) {
  json message = settings;
  message.erase(kSmadSettings);  // of what is measured beside the training
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
