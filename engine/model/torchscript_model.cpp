#include "engine/model/torchscript_model.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/peephole.h>
#include <torch/csrc/jit/passes/shape_analysis.h>
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

using Attributes = std::unordered_map<const torch::jit::Value*, c10::IValue>;

template <typename Visit>
void visitNodes(torch::jit::Block* block, const Visit& visit) {
  for (auto place = block->nodes().begin(); place != block->nodes().end();) {
    auto* node = *place++;
    visit(node);
    for (auto* inner : node->blocks()) {
      visitNodes(inner, visit);
    }
  }
}

/// Hands every attribute that the graph reads to `use`, but for modules, whose own are read.
template <typename Use>
void visitAttributes(torch::jit::Graph& graph, const torch::jit::Module& module, const Use& use) {
  Attributes objects{{graph.inputs()[0], module._ivalue()}};
  visitNodes(graph.block(), [&](torch::jit::Node* node) {
    if (node->kind() != c10::prim::GetAttr) {
      return;
    }
    const auto owner = objects.find(node->input());
    if (owner == objects.end()) {
      return;
    }
    auto value = owner->second.toObject()->getAttr(node->s(c10::attr::name));
    if (value.isObject()) {
      objects.emplace(node->output(), std::move(value));
    } else {
      use(node, value);
    }
  });
}

void simplify(std::shared_ptr<torch::jit::Graph>& graph) {
  torch::jit::ConstantPropagation(graph);
  torch::jit::PeepholeOptimize(graph);
  torch::jit::ConstantPropagation(graph);
  torch::jit::EliminateDeadCode(graph);
}

/// Puts what is called in the place of its calls. One pass goes one call deep, because a function
/// that ran without the executor's optimizations keeps its own calls.
void inlineAll(torch::jit::Graph& graph) {
  // What the executor makes of a called function is kept with it, for forward too.
  const torch::jit::GraphOptimizerEnabledGuard asWritten(false);
  constexpr int deepest = 64;
  bool calls = true;
  for (int depth = 0; calls && depth < deepest; ++depth) {
    torch::jit::Inline(graph);
    calls = false;
    visitNodes(graph.block(), [&](const torch::jit::Node* node) {
      calls |= node->kind() == c10::prim::CallMethod || node->kind() == c10::prim::CallFunction;
    });
  }
}

/// Decides what the graph asks of its inputs' shapes, so that checks of them are gone; it is then a
/// graph for inputs of these shapes alone.
void specialize(std::shared_ptr<torch::jit::Graph>& graph, const std::vector<at::Tensor>& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    graph->inputs()[i]->setType(torch::jit::TensorType::create(inputs[i]));
  }
  torch::jit::PropagateInputShapes(graph);
  simplify(graph);
  torch::jit::EraseShapeInformation(graph);
}

/// The graph of forward in one piece: attributes that are tensors are its inputs, others its
/// constants. None when it needs the module for more than that.
std::optional<ForwardGraph> lowered(const torch::jit::Module& module, const Inputs& example) {
  auto graph = module.get_method("forward").graph()->copy();
  inlineAll(*graph);
  visitAttributes(*graph, module, [&](torch::jit::Node* node, const c10::IValue& value) {
    if (!value.isTensor()) {
      const torch::jit::WithInsertPoint before(node);
      node->output()->replaceAllUsesWith(graph->insertConstant(value));
    }
  });
  simplify(graph);
  ForwardGraph result;
  std::vector<torch::jit::Value*> inputs;
  visitAttributes(*graph, module, [&](torch::jit::Node* node, const c10::IValue& value) {
    if (!value.isTensor()) {
      return;
    }
    const auto& tensor = value.toTensor();
    auto place = std::find_if(result.tensors.begin(), result.tensors.end(),
                              [&](const at::Tensor& t) { return t.is_same(tensor); }) -
                 result.tensors.begin();
    if (place == static_cast<std::ptrdiff_t>(inputs.size())) {
      result.tensors.push_back(tensor);
      inputs.push_back(graph->addInput());
    }
    node->output()->replaceAllUsesWith(inputs[static_cast<std::size_t>(place)]);
  });
  torch::jit::EliminateDeadCode(graph);
  if (graph->inputs()[0]->hasUses()) {
    return std::nullopt;
  }
  graph->eraseInput(0);
  std::vector<at::Tensor> given(example.begin(), example.end());
  given.insert(given.end(), result.tensors.begin(), result.tensors.end());
  specialize(graph, given);
  result.graph = graph;
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
    auto result = lowered(module_, example);
    const bool fits = result && result->graph->outputs().size() == 1 &&
                      result->graph->outputs()[0]->type()->isSubtypeOf(*c10::TensorType::get());
    return fits ? std::move(result) : std::nullopt;
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
