#include <array>
#include <chrono>
#include <memory>

#include "engine/curvature/spectrum.h"
#include "engine/data/experiment.h"
#include "engine/handlers/groups.h"
#include "engine/handlers/request.h"
#include "engine/handlers/training_handlers.h"
#include "engine/model/tensor_bytes.h"
#include "engine/optim/registry.h"
#include "engine/optim/replay.h"
#include "engine/protocol/fields.h"
#include "engine/server/server.h"
#include "engine/training/batch_order.h"
#include "engine/training/run_setup.h"
#include "engine/training/snapshot_plan.h"
#include "engine/training/trainer.h"
#include "engine/training/validation.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// Shorter than the client's patience with a job that was cancelled.
constexpr std::chrono::seconds kGrace{3};

/// Tells the client what a run reports. A run is stopped between steps only: what belongs to a step
/// is sent whole, so that the checkpoint of a run that is stopped fits what was sent.
class RunReporter : public TrainObserver {
 public:
  explicit RunReporter(JobContext& job) : job_(job) { job_.finishSending(kGrace); }

  void onStep(std::int64_t step, std::int64_t steps) override {
    job_.checkpoint();
    job_.progress(static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(steps), "training");
  }

  void onMetric(const TrainMetric& metric) override {
    job_.send({{"type", "metric"},
               {"step", metric.step},
               {"epoch", metric.epoch},
               {"loss", metric.loss},
               {"accuracy", numberOrNull(metric.accuracy)},
               {"gradient_norm", metric.gradientNorm},
               {"step_norm", numberOrNull(metric.stepNorm)},
               {"rate", metric.rate}});
  }

  void onSnapshot(const TrainSnapshot& snapshot) override { sendPoint("snapshot", snapshot); }
  void onAverage(const TrainSnapshot& snapshot) override { sendPoint("average", snapshot); }

  void onRemark(const std::string& remark) override {
    job_.send({{"type", "log"}, {"level", "warning"}, {"text", remark}});
  }

  void onCheckpoint(std::int64_t step, std::span<const std::byte> state) override {
    job_.send({{"type", "checkpoint"}, {"step", step}, {"bytes", state.size()}});
    const std::array shape = {static_cast<std::int64_t>(state.size())};
    job_.sendArray("checkpoint/" + std::to_string(step), "u8", shape, state);
  }

 private:
  /// The event, then the buffers that belong to it (when there are any) and the parameters.
  void sendPoint(const std::string& type, const TrainSnapshot& snapshot) {
    const std::string step = std::to_string(snapshot.step);
    nlohmann::json facts{{"type", type},
                         {"step", snapshot.step},
                         {"epoch", snapshot.epoch},
                         {"loss", numberOrNull(snapshot.loss)},
                         {"accuracy", numberOrNull(snapshot.accuracy)}};
    if (snapshot.validation) {
      facts["validation"] = {{"loss", numberOrNull(snapshot.validation->loss)},
                             {"accuracy", numberOrNull(snapshot.validation->accuracy)}};
    }
    job_.send(std::move(facts));
    if (snapshot.buffers.numel() > 0) {
      sendTensor(job_, "buffers/" + step, snapshot.buffers);
    }
    sendTensor(job_, type + "/" + step, snapshot.parameters);
  }

  JobContext& job_;
};

/// The checkpoint to resume from, if the request names one.
std::shared_ptr<const ArrayBytes> checkpointOf(const JobContext& job) {
  const auto found = job.request().find("resume");
  if (found == job.request().end() || found->is_null()) {
    return nullptr;
  }
  auto array = job.storedArray(textField(job.request(), "resume"));
  if (array->bytes.empty()) {
    throw Error(ErrorCode::badInput, "The checkpoint to resume from is empty.",
                "Start the run again.");
  }
  return array;
}

nlohmann::json handleTrain(JobContext& job) {
  TrainSettings settings = trainSettingsFromJson(job.request());
  const auto checkpoint = checkpointOf(job);
  const Experiment experiment = openExperiment(field(job.request(), "experiment"), arraysOf(job));
  Model& model = *experiment.model;
  if (settings.threads > 0) {
    at::set_num_threads(static_cast<int>(settings.threads));
  }
  const SplitData data =
      splitData(experiment.data, settings.validation, experiment.loss, model.dtype());
  const Dataset* validation = data.validation ? &*data.validation : nullptr;
  settings.memoryBytes = curvatureMemory(experiment);
  // What can't be is refused before the client is told of a run.
  optimizerFor(model, data.training, experiment.loss, settings);
  const std::int64_t samples = data.training.samples();
  const std::int64_t perEpoch = batchesPerEpoch(samples, settings.batchSize);
  const std::int64_t steps = stepsOf(settings, samples);
  job.send({{"type", "run"},
            {"parameters", model.parameters().size()},
            {"batches_per_epoch", perEpoch},
            {"steps", steps},
            {"snapshots", snapshotSteps(settings.snapshots, steps, perEpoch).size()},
            {"groups", groupsOf(model.parameters())},
            {"routing", describeRouting(settings.optimizer, model.parameters())},
            {"samples", samples},
            {"validation_samples", validation == nullptr ? 0 : validation->samples()},
            {"settings", courseOf(settings)}});
  if (job.request().contains("check") && job.request()["check"] == true) {
    return nlohmann::json::object();
  }
  RunReporter reporter(job);
  const auto start = std::chrono::steady_clock::now();
  const TrainOutcome outcome = train(
      model, data.training, experiment.loss, settings, reporter,
      checkpoint ? std::span<const std::byte>(checkpoint->bytes) : std::span<const std::byte>(),
      validation);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {
      {"steps", outcome.steps},
      {"diverged_at", outcome.divergedAt ? nlohmann::json(*outcome.divergedAt) : nlohmann::json()},
      {"last_snapshot", outcome.lastSnapshot},
      {"loss", outcome.loss},
      {"accuracy", numberOrNull(outcome.accuracy)},
      {"seconds", seconds.count()}};
}

nlohmann::json handleOptimizers(JobContext& job) {
  job.send({{"type", "optimizers"}, {"optimizers", describeOptimizers()}});
  return nlohmann::json::object();
}

nlohmann::json handleReplay(JobContext& job) {
  nlohmann::json replayed = replay(textField(job.request(), "name"), field(job.request(), "course"),
                                   [&job] { job.checkpoint(); });
  replayed["type"] = "replayed";
  job.send(std::move(replayed));
  return nlohmann::json::object();
}

}  // namespace

void registerTrainingHandlers(Server& server) {
  server.on("replay", handleReplay);
  server.on("train", handleTrain);
  server.on("optimizers", handleOptimizers, Scheduling::immediate);
}

}  // namespace tarn::engine
