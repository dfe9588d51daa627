#include <torch/torch.h>

#include "engine/model/builtin.h"
#include "engine/model/model.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"
#include "engine/model/torchscript_model.h"
#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

at::Tensor storedVector(const ArrayLookup& arrays, const std::string& hash) {
  const auto values = tensorFromBytes(*arrays(hash)).reshape({-1});
  if (!values.is_floating_point()) {
    throw Error(ErrorCode::badInput,
                "The vector " + hash + " does not hold floating-point numbers.");
  }
  return values;
}

std::vector<std::string> patternsOf(const nlohmann::json& model) {
  std::vector<std::string> patterns;
  if (!has(model, "parameters")) {
    return patterns;
  }
  for (const auto& pattern : model["parameters"]) {
    if (!pattern.is_string()) {
      throw Error(ErrorCode::usage, "The model's 'parameters' must be a list of patterns.");
    }
    patterns.push_back(pattern.get<std::string>());
  }
  return patterns;
}

bool trains(const nlohmann::json& model) {
  const auto mode = textOr(model, "mode", "eval");
  if (mode != "eval" && mode != "train") {
    throw Error(ErrorCode::usage, "There is no mode '" + mode + "' of a model.",
                "Choose eval or train.");
  }
  return mode == "train";
}

}  // namespace

std::unique_ptr<Model> openModel(const nlohmann::json& model, const ArrayLookup& arrays,
                                 at::Device device) {
  const auto spec = textField(model, "spec");
  auto opened = isBuiltin(spec) ? makeBuiltin(spec)
                                : loadTorchScript(spec, textOr(model, "sha256", ""), device);
  opened->moveTo(device);
  const auto at = textOr(model, "at", "");
  const auto theta = at.empty() ? at::Tensor() : storedVector(arrays, at);
  const auto patterns = patternsOf(model);
  const bool whole = theta.defined() && theta.numel() == opened->parameters().size();
  if (whole) {
    opened->parameters().set(theta);
  }
  if (!patterns.empty()) {
    opened->choose(patterns);
  }
  if (theta.defined() && !whole) {
    opened->parameters().set(theta);
  }
  if (const auto buffers = textOr(model, "buffers_at", ""); !buffers.empty()) {
    opened->setBuffers(storedVector(arrays, buffers));
  }
  opened->setTraining(trains(model));
  return opened;
}

}  // namespace tarn::engine
