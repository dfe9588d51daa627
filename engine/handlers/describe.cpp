#include <algorithm>

#include <torch/torch.h>

#include "engine/data/experiment.h"
#include "engine/data/model_check.h"
#include "engine/data/one_thread.h"
#include "engine/handlers/groups.h"
#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"

namespace tarn::engine {
namespace {

bool parametersWanted(const nlohmann::json& request) {
  return has(request, "parameters") && request["parameters"] == true;
}

nlohmann::json shapesOf(const Inputs& inputs) {
  auto shapes = nlohmann::json::array();
  for (const auto& tensor : inputs) {
    shapes.push_back(tensor.sizes().vec());
  }
  return shapes;
}

std::vector<std::string> unusedIn(const Experiment& experiment) {
  const OneThread one;
  const auto count = std::min<std::int64_t>(2, experiment.data.samples());
  return unusedParameters(*experiment.model, makeBatches(experiment.data.first(count), {}).front(),
                          experiment.loss);
}

std::string unusedText(const std::vector<std::string>& names) {
  constexpr std::size_t most = 3;
  std::string text = "The loss does not depend on ";
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return text +
         (names.size() > most ? " and " + std::to_string(names.size() - most) + " more" : "") +
         ": its derivatives by these parameters count as 0.";
}

}  // namespace

nlohmann::json handleDescribe(JobContext& job, OpenedExperiments& experiments) {
  const auto experiment = experiments.of(job);
  const auto& model = *experiment.model;
  const auto unused = unusedIn(experiment);
  if (!unused.empty()) {
    job.send({{"type", "log"}, {"level", "warning"}, {"text", unusedText(unused)}});
  }
  const auto reference = referenceEvaluation(experiment, [&job] { job.checkpoint(); });
  job.send({{"type", "described"},
            {"parameters", model.parameters().size()},
            {"groups", groupsOf(model.parameters())},
            {"buffers", model.bufferCount()},
            {"samples", experiment.data.samples()},
            {"inputs", shapesOf(experiment.data.inputs)},
            {"output", experiment.outputShape},
            {"dtype", model.dtype() == at::kFloat ? "f32" : "f64"},
            {"loss", reference.loss},
            {"accuracy", numberOrNull(reference.accuracy)},
            {"model_sha256", model.sha256()},
            {"data_sha256", experiment.data.sha256},
            {"batchnorm_layers", model.batchNormLayers()},
            {"unused", unused}});
  if (parametersWanted(job.request())) {
    sendTensor(job, "parameters", model.parameters().flat());
    sendTensor(job, "buffers", model.buffers());
  }
  return nlohmann::json::object();
}

}  // namespace tarn::engine
