#include "engine/training/run_setup.h"

#include <algorithm>

#include "engine/optim/registry.h"
#include "engine/optim/run_facts.h"
#include "engine/training/batch_order.h"
#include "topology/base/error.h"

namespace tarn::engine {

std::unique_ptr<Optimizer> optimizerFor(const Model& model, const Dataset& data, const Loss& loss,
                                        const TrainSettings& settings) {
  auto optimizer = makeOptimizer(settings.optimizer, model.parameters());
  RunFacts facts;
  facts.parameters = model.parameters().size();
  facts.samples = data.samples();
  facts.batchSize = settings.batchSize;
  facts.targetNumbers =
      data.targets.defined() ? data.targets.numel() / std::max<std::int64_t>(data.samples(), 1) : 0;
  facts.batchNormLayers = model.batchNormLayers();
  facts.loss = loss;
  facts.memoryBytes = settings.memoryBytes;
  facts.numberBytes = at::elementSize(model.dtype());
  if (settings.clip > 0 && !optimizer->followsGradient()) {
    throw Error(ErrorCode::usage,
                shortName(settings.optimizer) +
                    " takes steps by its own gradients, so that clipping would change nothing or "
                    "break its tests.",
                "Leave the clipping out.");
  }
  optimizer->requireFit(facts);
  return optimizer;
}

std::int64_t stepsOf(const TrainSettings& settings, std::int64_t samples) {
  return settings.epochs * batchesPerEpoch(samples, settings.batchSize);
}

std::string courseText(const Model& model, const Dataset& data, const Loss& loss,
                       const TrainSettings& settings, const Dataset* validation) {
  nlohmann::json course = courseOf(settings);
  course["optimizer"] = toJson(withDefaults(settings.optimizer));
  course["model"] = model.sha256();
  course["data"] = data.sha256;
  course["samples"] = data.samples();
  if (validation != nullptr) {
    course["validation"]["data"] = validation->sha256;
  }
  course["loss"] = toString(loss);
  if (!model.chosen().empty()) {
    course["parameters"] = model.chosen();
  }
  if (model.training()) {
    course["mode"] = "train";
  }
  return course.dump();
}

}  // namespace tarn::engine
