#include "engine/model/torchscript_model.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/lower_graph.h>
#include <torch/csrc/jit/passes/peephole.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

std::vector<NamedTensor> parametersIn(const torch::jit::Module& module) {
  std::vector<NamedTensor> result;
  for (const auto& parameter : module.named_parameters()) {
    result.emplace_back(parameter.name, parameter.value);
  }
  return result;
}

std::vector<NamedTensor> buffersIn(const torch::jit::Module& module) {
  std::vector<NamedTensor> result;
  for (const auto& buffer : module.named_buffers()) {
    if (buffer.value.defined()) {
      result.emplace_back(buffer.name, buffer.value);
    }
  }
  return result;
}

/// The graph with every attribute that is no tensor as a constant: of those only the tensors are
/// left among the inputs.
ForwardGraph lowered(const torch::jit::Module& module, std::size_t dataInputs) {
  auto [graph, attributes] =
      torch::jit::LowerGraph(*module.get_method("forward").graph(), module._ivalue());
  ForwardGraph result{graph, {}};
  for (auto place = attributes.size(); place-- > 0;) {
    const auto& value = attributes[place];
    if (value.isTensor()) {
      result.tensors.push_back(value.toTensor());
      continue;
    }
    const auto input = dataInputs + place;
    const torch::jit::WithInsertPoint first(*graph->nodes().begin());
    graph->inputs().at(input)->replaceAllUsesWith(graph->insertConstant(value));
    graph->eraseInput(input);
  }
  std::reverse(result.tensors.begin(), result.tensors.end());
  torch::jit::ConstantPropagation(graph);
  torch::jit::PeepholeOptimize(graph);
  torch::jit::ConstantPropagation(graph);
  torch::jit::EliminateDeadCode(graph);
  return result;
}

std::string readFile(const std::filesystem::path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) {
    throw Error(ErrorCode::notFound, "There is no model file '" + path.string() + "'.",
                "Check the path, or name a built-in network such as mlp:64-32-10.");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw Error(ErrorCode::badInput, "'" + path.string() + "' is not a file.",
                "Name a TorchScript file, or a built-in network such as mlp:64-32-10.");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::filesystem::file_size(path), '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw Error(ErrorCode::io, "The model file '" + path.string() + "' could not be read.",
                "Check its permissions and the disk.");
  }
  return bytes;
}

void requireTrust(const std::filesystem::path& path, const std::string& actual,
                  const std::string& trusted) {
  if (trusted.empty()) {
    throw Error(
        ErrorCode::untrusted,
        "The model file '" + path.string() + "' is a program, and nobody has agreed to run it.",
        "Run it only when you trust where it comes from: answer yes, or pass --trust.");
  }
  if (actual != trusted) {
    throw Error(ErrorCode::untrusted,
                "The model file '" + path.string() +
                    "' is not the one that was trusted: its SHA-256 is " + actual +
                    ", trusted was " + trusted + ".",
                "If the change is yours, trust the new file.");
  }
}

}  // namespace

TorchScriptModel::TorchScriptModel(torch::jit::Module module, std::string sha256)
    : Model(parametersIn(module), buffersIn(module), std::move(sha256)),
      module_(std::move(module)) {
  if (!module_.find_method("forward")) {
    throw Error(ErrorCode::badInput, "The TorchScript module has no forward method.",
                "Export the network itself with torch.jit.script(model).save(FILE).");
  }
  module_.eval();
}

at::Tensor TorchScriptModel::forward(const Inputs& inputs) {
  const torch::jit::GraphOptimizerEnabledGuard asWritten(false);
  c10::IValue output;
  try {
    output = module_.forward(std::vector<c10::IValue>(inputs.begin(), inputs.end()));
  } catch (const std::exception& failure) {
    throw forwardError(inputs, failure);
  }
  if (!output.isTensor()) {
    throw Error(ErrorCode::badInput,
                "The model's forward returns a " + output.tagKind() + ", not a tensor.",
                "Export a module whose forward returns the output tensor alone.");
  }
  return output.toTensor();
}

void TorchScriptModel::setTraining(bool training) {
  Model::setTraining(training);
  module_.train(training);
}

void TorchScriptModel::setBatchNormTraining(bool training) {
  for (auto module : module_.modules()) {
    if (module.hasattr("running_mean")) {
      module.train(training);
    }
  }
}

std::optional<ForwardGraph> TorchScriptModel::forwardGraph(const Inputs& example) {
  const auto forward = module_.get_method("forward").graph();
  if (training() || forward->inputs().size() != example.size() + 1) {
    return std::nullopt;
  }
  try {
    auto result = lowered(module_, example.size());
    const auto& graph = *result.graph;
    const bool fits = graph.inputs().size() == example.size() + result.tensors.size() &&
                      graph.outputs().size() == 1 &&
                      graph.outputs()[0]->type()->isSubtypeOf(*c10::TensorType::get());
    return fits ? std::optional(std::move(result)) : std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;  // what cannot be lowered runs as it is
  }
}

std::unique_ptr<Model> TorchScriptModel::clone() const {
  const at::NoGradGuard noGrad;
  auto copy = std::make_unique<TorchScriptModel>(module_.deepcopy(), sha256());
  copy->setTraining(training());
  if (!chosen().empty()) {
    copy->choose(chosen());
  }
  return copy;
}

std::unique_ptr<Model> loadTorchScript(const std::filesystem::path& path,
                                       const std::string& trustedSha256, at::Device device) {
  auto bytes = readFile(path);
  auto hash = sha256(std::as_bytes(std::span(bytes)));
  requireTrust(path, hash, trustedSha256);
  torch::jit::getProfilingMode() = false;
  std::istringstream stream(std::move(bytes));
  try {
    return std::make_unique<TorchScriptModel>(torch::jit::load(stream, device), hash);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& failure) {
    throw Error(ErrorCode::badInput,
                "'" + path.string() + "' is not a TorchScript model: " + summary(failure),
                "Export the model in PyTorch with torch.jit.script(model).save(FILE); a checkpoint "
                "of torch.save holds no program.");
  }
}

}  // namespace tarn::engine
