#include "engine/data/experiment.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>

#include <torch/torch.h>

#include "engine/data/model_check.h"
#include "engine/data/one_thread.h"
#include "engine/model/optional_fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t referenceBatch = 1000;

/// Throws Error(unsupported) for a device that is not there. On a GPU float32 stays float32: a
/// shorter type in convolutions would cost second derivatives most of their digits.
at::Device deviceOf(const nlohmann::json& experiment) {
  const auto device = textOr(experiment, "device", "cpu");
  if (device == "cpu") {
    return at::kCPU;
  }
  if (device != "cuda") {
    throw Error(ErrorCode::unsupported,
                "This engine cannot compute on the device '" + device + "'.",
                "Use the device cpu or cuda.");
  }
  if (!torch::cuda::is_available()) {
    const bool built = at::show_config().find("USE_CUDA=ON") != std::string::npos;
    throw Error(ErrorCode::unsupported,
                "This engine cannot compute on the device 'cuda': " +
                    std::string(built ? "LibTorch finds no GPU here."
                                      : "its LibTorch was built for the CPU alone."),
                "Use --device cpu; tarn doctor lists the devices.");
  }
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setAllowTF32CuBLAS(false);
  return {at::kCUDA, 0};
}

std::string batchNormOf(const nlohmann::json& experiment) {
  auto policy = textOr(experiment, "batchnorm", "frozen");
  if (policy != "frozen" && policy != "recalibrate" && policy != "interpolate") {
    throw Error(ErrorCode::unsupported, "There is no BatchNorm policy '" + policy + "'.",
                "Choose frozen (the statistics stay as they are in the model), recalibrate (at "
                "every point of a landscape) or interpolate (between checkpoints).");
  }
  return policy;
}

int threadsOf(const nlohmann::json& experiment) {
  const auto asked = std::min<std::uint64_t>(countOr(experiment, "threads", 0), 1024);
  return static_cast<int>(asked > 0 ? asked : std::max(1U, std::thread::hardware_concurrency()));
}

void requireClasses(const at::Tensor& targets, std::int64_t classes) {
  const auto largest = targets.max().item<std::int64_t>();
  if (largest >= classes) {
    const auto beyond = targets.ge(classes);
    throw Error(ErrorCode::badInput,
                "The targets hold the label " + std::to_string(largest) + ", but the model has " +
                    std::to_string(classes) + " outputs: labels 0 to " +
                    std::to_string(classes - 1) + ". " +
                    std::to_string(beyond.sum().item<std::int64_t>()) + " of " +
                    std::to_string(targets.numel()) + " labels are beyond that.",
                "Choose the data that belongs to this model, or number the classes from 0.");
  }
}

/// Runs two samples, because some mistakes (a fixed batch size, say) only show with the number, and
/// more than once, because others show then.
std::vector<std::int64_t> probeOutput(Experiment& experiment) {
  const at::NoGradGuard noGrad;
  const OneThread one;
  const auto count = std::min<std::int64_t>(2, experiment.data.samples());
  const auto batch = makeBatches(experiment.data.first(count), {}).front();
  if (experiment.loss.kind == Loss::model) {
    requireSteady(*experiment.model, batch, experiment.loss);
    return {};
  }
  const auto outputs = experiment.model->forward(batch.inputs);
  requireFit(experiment.loss, outputs, batch.targets);
  auto shape = outputs.sizes().vec();
  if (experiment.loss.classifies()) {
    requireClasses(experiment.data.targets, shape.back());
  }
  requireSteady(*experiment.model, batch, experiment.loss);
  shape[0] = experiment.data.samples();
  return shape;
}

}  // namespace

Experiment openExperiment(const nlohmann::json& experiment, const ArrayLookup& arrays) {
  if (!experiment.is_object()) {
    throw Error(ErrorCode::usage, "The request's experiment must be a map.");
  }
  const auto device = deviceOf(experiment);
  Experiment result;
  result.batchNorm = batchNormOf(experiment);
  result.threads = threadsOf(experiment);
  at::set_num_threads(result.threads);
  result.seed = countOr(experiment, "seed", 0);
  result.memoryBytes = countOr(experiment, "memory_mib", 0) << 20U;
  result.loss = parseLoss(textField(experiment, "loss"));
  result.model = openModel(field(experiment, "model"), arrays, device);
  result.data =
      openDataset(field(experiment, "data"), result.loss, result.model->dtype()).to(device);
  result.outputShape = probeOutput(result);
  return result;
}

BatchPlan referencePlan() {
  return {referenceBatch, false};
}

bool cutMatters(const Experiment& experiment) {
  return experiment.model->training() || experiment.loss.kind == Loss::model;
}

Evaluation referenceEvaluation(const Experiment& experiment, const std::function<void()>& pause) {
  const auto result = evaluate(*experiment.model, makeBatches(experiment.data, referencePlan()),
                               experiment.loss, pause);
  if (!std::isfinite(result.loss)) {
    const auto where = whereNotFinite(
        *experiment.model, makeBatches(experiment.data, referencePlan()), experiment.loss);
    throw Error(ErrorCode::numerical,
                "The loss at the model itself is " +
                    std::string(std::isnan(result.loss) ? "NaN" : "infinite") +
                    ", so there is no landscape around it" + (where.empty() ? "" : ": " + where) +
                    ".",
                "Check the weights, and that the transform is the one the model was trained with.");
  }
  return result;
}

}  // namespace tarn::engine
