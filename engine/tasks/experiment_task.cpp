#include "engine/tasks/experiment_task.h"

#include "engine/protocol/fields.h"
#include "engine/tasks/arrays.h"
#include "engine/tasks/events.h"
#include "engine/tasks/experiment.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

void requireTrust(EngineClient& client, json& model, const TrustQuestion& ask,
                  const std::stop_token& stop) {
  const std::string spec = textField(model, "spec");
  if (!modelIsFile(spec)) {
    return;
  }
  std::string sha256;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "hash") {
      sha256 = textField(event, "sha256");
    }
  };
  client.call({{"type", "hash"}, {"path", spec}}, sink, stop);
  if (model.contains("sha256") && model.at("sha256") != sha256) {
    throw Error(ErrorCode::badInput,
                "The model file " + spec + " is not what it was when this was begun.",
                "Put the original file back, or start anew with the changed one.");
  }
  if (!ask(spec, sha256)) {
    throw Error(
        ErrorCode::untrusted, "The model file " + spec + " is not trusted.",
        "A TorchScript file is a program: run it with --trust if you know where it is from.");
  }
  model["sha256"] = sha256;
}

void putSnapshot(EngineClient& client, Project* project, json& model, const std::stop_token& stop) {
  if (!model.contains("from")) {
    return;
  }
  if (project == nullptr) {
    throw Error(ErrorCode::usage, "Parameters from a run need the project that holds the run.");
  }
  const json& from = model.at("from");
  const StoredSnapshot snapshot =
      project->snapshot(from.at("run").get<std::int64_t>(), from.at("step").get<std::int64_t>());
  model["at"] = putArray(client, toArrayBytes(snapshot.parameters), stop);
  if (snapshot.buffers) {
    model["buffers_at"] = putArray(client, toArrayBytes(*snapshot.buffers), stop);
  }
}

}  // namespace

void prepareModel(EngineClient& client, Project* project, json& model, const TrustQuestion& ask,
                  const std::stop_token& stop) {
  requireTrust(client, model, ask, stop);
  putSnapshot(client, project, model, stop);
}

std::int64_t addExperiment(const EngineClient& client, Project& project,
                           const OpenedExperiment& opened) {
  StoredExperiment record;
  record.experiment = opened.experiment;
  record.described = opened.described;
  record.modelHash = opened.described.value("model_sha256", "");
  record.dataHash = opened.described.value("data_sha256", "");
  record.provenance = provenance(client, opened, json(), json());
  return project.addExperiment(record);
}

OpenedExperiment describeExperiment(EngineClient& client, Project* project, json experiment,
                                    const TrustQuestion& ask, TaskObserver& observer,
                                    const std::stop_token& stop) {
  OpenedExperiment opened;
  prepareModel(client, project, experiment.at("model"), ask, stop);
  opened.experiment = std::move(experiment);

  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "described") {
      opened.described = withoutEnvelope(event);
    } else {
      relayCommon(event, observer);
    }
  };
  client.call({{"type", "describe"}, {"experiment", opened.experiment}}, sink, stop);
  if (opened.described.is_null()) {
    throw Error(ErrorCode::engine, "The engine did not describe the experiment.");
  }
  return opened;
}

OpenedExperiment openExperiment(EngineClient& client, Project* project, json experiment,
                                const TrustQuestion& ask, TaskObserver& observer,
                                const std::stop_token& stop) {
  OpenedExperiment opened =
      describeExperiment(client, project, std::move(experiment), ask, observer, stop);
  if (project != nullptr) {
    opened.id = addExperiment(client, *project, opened);
  }
  return opened;
}

OpenedExperiment reopenExperiment(EngineClient& client, Project& project, std::int64_t experiment,
                                  const TrustQuestion& ask, TaskObserver& observer,
                                  const std::stop_token& stop) {
  const StoredExperiment stored = project.experiment(experiment);
  const OpenedExperiment opened =
      openExperiment(client, &project, stored.experiment, ask, observer, stop);
  const auto require = [&](const std::string& before, const char* key, const char* what) {
    if (!before.empty() && before != opened.described.value(key, "")) {
      throw Error(ErrorCode::badInput,
                  std::string("The ") + what + " has changed since this was begun.",
                  "Put the original back, or start anew with the changed one.");
    }
  };
  require(stored.modelHash, "model_sha256", "model");
  require(stored.dataHash, "data_sha256", "data");
  return opened;
}

json provenance(const EngineClient& client, const OpenedExperiment& opened, const json& request,
                const json& plan) {
  const json& hello = client.hello();
  json result{{"tarn", TARN_VERSION},
              {"engine", hello.value("version", json())},
              {"libtorch", hello.value("libtorch", json())},
              {"blas", hello.value("blas", json())},
              {"experiment", opened.experiment},
              {"model_sha256", opened.described.value("model_sha256", json())},
              {"data_sha256", opened.described.value("data_sha256", json())},
              {"dtype", opened.described.value("dtype", json())}};
  if (!request.is_null()) {
    result["request"] = request;
  }
  if (!plan.is_null()) {
    result["plan"] = plan;
  }
  return result;
}

}  // namespace tarn
