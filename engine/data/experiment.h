#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/evaluate.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// What is computed on: a model and the chosen data, on one device, and the loss, checked to belong
/// together.
struct Experiment {
  std::unique_ptr<Model> model;  ///< in evaluation mode
  Dataset data;
  Loss loss;
  std::vector<std::int64_t> outputShape;  ///< of all samples; empty under the loss `model`
  std::string batchNorm = "frozen";       ///< the policy of statistics.h, for landscapes
  int threads = 1;
  std::uint64_t seed = 0;
  std::uint64_t memoryBytes = 0;  ///< 0: no limit was set
};

/// Opens the `experiment` map of a request (engine/protocol/README.md), runs the model on one
/// batch to see that output, targets and loss fit, and sets the number of threads that kernels on
/// this thread use. Throws as openModel() and openDataset(); Error(unsupported) for a device or a
/// BatchNorm policy that is not there.
Experiment openExperiment(const nlohmann::json& experiment, const ArrayLookup& arrays);

/// The model's own loss on the reference path: contiguous layout, as few batches as
/// 1,000 samples at a time allow. Throws Error(numerical) when it is not finite.
Evaluation referenceEvaluation(const Experiment& experiment,
                               const std::function<void()>& pause = {});
BatchPlan referencePlan();

/// Whether the loss depends on how the data is cut, so that only the reference's plan will do:
/// BatchNorm in training mode normalizes by the batch, and a model's own loss need not be a mean
/// over samples.
bool cutMatters(const Experiment& experiment);

}  // namespace tarn::engine
