#include "engine/landscape/graph_rewrite.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include "engine/landscape/graph_nodes.h"

namespace tarn::engine {
namespace {

namespace aten = c10::aten;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

/// Which of the network's tensors a value is.
std::optional<std::size_t> tensorOf(const ForwardGraph& forward, const Value* value,
                                    std::size_t dataInputs) {
  const auto place = value->offset();
  const bool is = value->node() == forward.graph->param_node() && place >= dataInputs &&
                  place < dataInputs + forward.tensors.size();
  return is ? std::optional(place - dataInputs) : std::nullopt;
}

/// Whether a value is one of the network's tensors, or None.
bool isTensorOrNone(const ForwardGraph& forward, const Value* value, std::size_t dataInputs) {
  return value->mustBeNone() || tensorOf(forward, value, dataInputs).has_value();
}

std::optional<NormFold> foldOf(const ForwardGraph& forward, const Node* norm,
                               std::size_t dataInputs) {
  const auto* convolution = norm->input(0)->node();
  const auto tensor = [&](const Value* value) { return tensorOf(forward, value, dataInputs); };
  if (!isConvolution(convolution) || norm->input(0)->uses().size() != 1 ||
      !isFalse(norm->input(5))) {
    return std::nullopt;
  }
  for (const auto* value : {convolution->input(2), norm->input(1), norm->input(2)}) {
    if (!isTensorOrNone(forward, value, dataInputs)) {
      return std::nullopt;
    }
  }
  const auto weight = tensor(convolution->input(1));
  const auto mean = tensor(norm->input(3));
  const auto variance = tensor(norm->input(4));
  const auto eps = torch::jit::toIValue(norm->input(7));
  if (!weight || !mean || !variance || !eps || !eps->isDouble()) {
    return std::nullopt;
  }
  return NormFold{*weight,
                  tensor(convolution->input(2)),
                  tensor(norm->input(1)),
                  tensor(norm->input(2)),
                  *mean,
                  *variance,
                  eps->toDouble()};
}

/// Whether a value is made of the data and constants alone, without changing anything.
bool isOfData(const Graph& graph, const Value* value, std::size_t dataInputs) {
  const auto* node = value->node();
  if (node == graph.param_node()) {
    return value->offset() < dataInputs;
  }
  const auto* schema = node->maybeSchema();
  if (!node->blocks().empty() || node->hasSideEffects() || node->isNondeterministic() ||
      (schema != nullptr && schema->is_mutable())) {
    return false;
  }
  for (const auto* input : node->inputs()) {
    if (!isOfData(graph, input, dataInputs)) {
      return false;
    }
  }
  return true;
}

std::shared_ptr<Graph> graphOfInput(Graph& graph, std::size_t linear) {
  auto part = graph.copy();
  const auto* layer = nodesOf(*part, aten::linear)[linear];
  part->eraseOutput(0);
  part->registerOutput(layer->input(0));
  torch::jit::EliminateDeadCode(part);
  return part;
}

void replaceKind(Graph& graph, Node* node, c10::Symbol kind) {
  auto* changed = graph.create(kind, node->inputs());
  changed->output()->copyMetadata(node->output());
  changed->insertBefore(node);
  node->output()->replaceAllUsesWith(changed->output());
  node->destroy();
}

}  // namespace

std::vector<NormFold> foldBatchNorms(ForwardGraph& forward, std::size_t dataInputs) {
  auto& graph = *forward.graph;
  std::vector<NormFold> folds;
  for (auto* norm : nodesOf(graph, aten::batch_norm)) {
    const auto fold = foldOf(forward, norm, dataInputs);
    if (!fold) {
      continue;
    }
    folds.push_back(*fold);
    auto* convolution = norm->input(0)->node();
    norm->output()->replaceAllUsesWith(convolution->output());
    norm->destroy();
    convolution->replaceInput(1, graph.addInput());
    convolution->replaceInput(2, graph.addInput());
  }
  return folds;
}

std::vector<FirstLayer> takeFirstLayers(ForwardGraph& forward, std::size_t dataInputs) {
  auto& graph = *forward.graph;
  std::vector<FirstLayer> layers;
  std::vector<Node*> taken;
  const auto linears = nodesOf(graph, aten::linear);
  for (std::size_t i = 0; i < linears.size(); ++i) {
    auto* node = linears[i];
    const auto weight = tensorOf(forward, node->input(1), dataInputs);
    if (weight && isTensorOrNone(forward, node->input(2), dataInputs) &&
        isOfData(graph, node->input(0), dataInputs)) {
      layers.push_back(
          {graphOfInput(graph, i), *weight, tensorOf(forward, node->input(2), dataInputs)});
      taken.push_back(node);
    }
  }
  for (auto* node : taken) {
    node->output()->replaceAllUsesWith(graph.addInput());
    node->destroy();
  }
  torch::jit::EliminateDeadCode(forward.graph);
  return layers;
}

void workInPlace(ForwardGraph& forward, bool sums) {
  auto& graph = *forward.graph;
  const auto fresh = [](const Value* value) {
    return isOwn(value) && makesNewTensor(value->node());
  };
  for (auto* node : sums ? nodesOf(graph, aten::add) : std::vector<Node*>{}) {
    if (!isSumOfTensors(node)) {
      continue;
    }
    if (!fresh(node->input(0)) && fresh(node->input(1)) && isOne(node->input(2))) {
      auto* first = node->input(0);
      node->replaceInput(0, node->input(1));
      node->replaceInput(1, first);
    }
    if (fresh(node->input(0))) {
      replaceKind(graph, node, aten::add_);
    }
  }
  for (auto* node : nodesOf(graph, aten::relu)) {
    if (isOwn(node->input(0))) {
      replaceKind(graph, node, aten::relu_);
    }
  }
}

}  // namespace tarn::engine
