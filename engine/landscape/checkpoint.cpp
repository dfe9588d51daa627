#include "engine/landscape/checkpoint.h"

#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"
#include "engine/model/weights_file.h"
#include "topology/base/error.h"
#include "topology/io/npy.h"
#include "topology/io/safetensors.h"

namespace tarn::engine {
namespace {

bool isSafetensors(const std::string& path) {
  return path.ends_with(".safetensors") && path.find('@') == std::string::npos;
}

at::Tensor vectorThatWasPut(const ArrayLookup& arrays, const std::string& hash) {
  return tensorFromBytes(*arrays(hash)).reshape({-1}).to(at::kDouble);
}

void requireSameNetwork(const Model& model, const Model& other, const std::string& spec) {
  const auto& here = model.parameters().groups();
  const auto& there = other.parameters().groups();
  bool same = here.size() == there.size() && model.bufferCount() == other.bufferCount();
  for (std::size_t i = 0; same && i < here.size(); ++i) {
    same = here[i].name == there[i].name && here[i].shape == there[i].shape;
  }
  if (!same) {
    throw Error(ErrorCode::badInput,
                "The checkpoint '" + spec + "' is of another network: it has " +
                    std::to_string(other.parameters().size()) + " parameters in " +
                    std::to_string(there.size()) + " tensors, the model has " +
                    std::to_string(model.parameters().size()) + " in " +
                    std::to_string(here.size()) + ".",
                "Use checkpoints of one network.");
  }
}

std::unique_ptr<Model> modelAt(const nlohmann::json& checkpoint, const Model& model,
                               nlohmann::json modelMap, const ArrayLookup& arrays) {
  const auto spec = textField(checkpoint, "spec");
  for (const char* key : {"at", "buffers_at", "from", "mode", "parameters"}) {
    modelMap.erase(key);
  }
  const bool weights = isSafetensors(spec);
  if (!weights) {
    modelMap["spec"] = spec;
    modelMap["sha256"] = checkpoint.value("sha256", nlohmann::json());
  }
  auto opened = openModel(modelMap, arrays);
  if (weights) {
    loadWeights(*opened, spec);
  }
  if (!model.chosen().empty()) {
    opened->choose(model.chosen());
  }
  requireSameNetwork(model, *opened, spec);
  return opened;
}

at::Tensor tensorOf(const NdArray& array) {
  return at::tensor(array.toDoubles(), at::kDouble);
}

Error doesNotFit(const std::string& path, const std::string& what, const Model& model) {
  return {ErrorCode::badInput,
          "'" + path + "' holds no direction for this model: " + what + ", the model has " +
              std::to_string(model.parameters().size()) + " parameters.",
          "Save one flat vector with a number for each parameter, or one tensor for each of the "
          "model's."};
}

/// The file's tensors under the names of the model's, one after the other.
at::Tensor assembled(SafetensorsReader& file, const std::string& path, const Model& model) {
  std::vector<at::Tensor> parts;
  for (const auto& group : model.parameters().groups()) {
    if (!file.contains(group.name)) {
      throw doesNotFit(path, "there is no tensor '" + group.name + "'", model);
    }
    parts.push_back(tensorOf(file.read(group.name)));
    if (parts.back().numel() != group.size) {
      throw doesNotFit(path,
                       "'" + group.name + "' has " + std::to_string(parts.back().numel()) +
                           " numbers instead of " + std::to_string(group.size),
                       model);
    }
  }
  return at::cat(parts);
}

std::size_t numbersIn(const SafetensorsEntry& entry) {
  return std::accumulate(entry.shape.begin(), entry.shape.end(), std::size_t{1},
                         std::multiplies<>());
}

at::Tensor fromSafetensors(const std::string& path, const std::string& name, const Model& model) {
  SafetensorsReader file(path);
  if (!name.empty()) {
    return tensorOf(file.read(name));
  }
  std::vector<std::string> whole;
  for (const auto& candidate : file.names()) {
    if (numbersIn(file.entry(candidate)) == static_cast<std::size_t>(model.parameters().size())) {
      whole.push_back(candidate);
    }
  }
  if (whole.size() > 1) {
    throw Error(ErrorCode::badInput,
                "'" + path + "' holds several directions: " + whole[0] + ", " + whole[1] +
                    (whole.size() > 2 ? ", …" : "") + ".",
                "Name one: file:" + path + "#" + whole[0] + ".");
  }
  return whole.size() == 1 ? tensorOf(file.read(whole[0])) : assembled(file, path, model);
}

}  // namespace

Checkpoint openCheckpoint(const nlohmann::json& checkpoint, const Model& model,
                          const nlohmann::json& modelMap, const ArrayLookup& arrays) {
  if (has(checkpoint, "array")) {
    Checkpoint result{vectorThatWasPut(arrays, textField(checkpoint, "array")), model.buffers()};
    if (has(checkpoint, "buffers")) {
      result.buffers = vectorThatWasPut(arrays, textField(checkpoint, "buffers"));
    }
    if (result.parameters.numel() != model.parameters().size()) {
      throw Error(ErrorCode::badInput,
                  "A checkpoint has " + std::to_string(result.parameters.numel()) +
                      " parameters, the model has " + std::to_string(model.parameters().size()) +
                      ".",
                  "Use a run of this network.");
    }
    return result;
  }
  const auto opened = modelAt(checkpoint, model, modelMap, arrays);
  return {opened->parameters().flat().to(at::kDouble, false, /*copy=*/true), opened->buffers()};
}

at::Tensor directionFromFile(const std::string& text, const Model& model) {
  const auto mark = text.rfind('#');
  const bool named = mark != std::string::npos && !std::filesystem::exists(text);
  const auto path = named ? text.substr(0, mark) : text;
  at::Tensor result;
  if (path.ends_with(".npy")) {
    result = tensorOf(readNpy(path));
  } else if (path.ends_with(".safetensors")) {
    result = fromSafetensors(path, named ? text.substr(mark + 1) : "", model);
  } else {
    throw Error(ErrorCode::usage, "A direction cannot be read from '" + path + "'.",
                "Name a .npy or .safetensors file.");
  }
  if (result.numel() != model.parameters().size()) {
    throw doesNotFit(path, "it has " + std::to_string(result.numel()) + " numbers", model);
  }
  return result.reshape({-1});
}

}  // namespace tarn::engine
