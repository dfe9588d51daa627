#include "engine/landscape/winograd_rewrite.h"

#include <algorithm>
#include <optional>

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include "engine/landscape/graph_nodes.h"
#include "engine/landscape/winograd.h"

namespace tarn::engine {
namespace {

namespace aten = c10::aten;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

constexpr std::int64_t fewestChannels = 8;  // vectors of them are what it works on

/// The place of a weight among what the graph takes after the data, and the tensor it is made of.
struct Weight {
  std::size_t place;
  at::Tensor tensor;
};

std::optional<Weight> weightOf(const ForwardGraph& forward, const std::vector<NormFold>& folds,
                               const Value* value, std::size_t dataInputs) {
  if (value->node() != forward.graph->param_node() || value->offset() < dataInputs) {
    return std::nullopt;
  }
  const auto place = value->offset() - dataInputs;
  const auto tensors = forward.tensors.size();
  if (place < tensors) {
    return Weight{place, forward.tensors[place]};
  }
  const auto fold = (place - tensors) / 2;  // W' and b' of each
  return Weight{place, forward.tensors[folds.at(fold).weight]};
}

/// The number that a list of constants repeats.
std::optional<std::int64_t> evenly(const Value* value) {
  const auto constant = torch::jit::toIValue(value);
  if (!constant || !constant->isIntList()) {
    return std::nullopt;
  }
  const auto numbers = constant->toIntVector();
  const bool same = !numbers.empty() && std::ranges::all_of(numbers, [&](std::int64_t number) {
    return number == numbers[0];
  });
  return same ? std::optional(numbers[0]) : std::nullopt;
}

/// The padding of a convolution that can be done so.
std::optional<std::int64_t> paddingOf(const Node* node, const at::Tensor& weight) {
  const bool shape = weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3 &&
                     weight.size(0) >= fewestChannels && weight.size(1) >= fewestChannels;
  if (!shape || !weight.is_cpu() || weight.scalar_type() != at::kFloat) {
    return std::nullopt;
  }
  const auto* groups = node->input(node->kind() == aten::_convolution ? 8 : 6);
  const auto padding = evenly(node->input(4));
  const bool plain = evenly(node->input(3)) == 1 && evenly(node->input(5)) == 1 && isOne(groups);
  return plain && padding && *padding >= 0 ? padding : std::nullopt;
}

Node* onlyReader(const Value* value) {
  return value->uses().size() == 1 ? value->uses()[0].user : nullptr;
}

/// Whether a node changes no tensor that others read.
bool leavesOthersAlone(const Node* node) {
  const auto kind = node->kind();
  if ((kind == aten::relu_ || kind == aten::add_) && isOwn(node->input(0))) {
    return true;
  }
  const auto* schema = node->maybeSchema();
  return node->blocks().empty() && !node->hasSideEffects() &&
         (schema == nullptr || !schema->is_mutable());
}

/// Whether a node may as well be run where another one is.
bool canMoveTo(Node* node, const Node* place) {
  if (place->owningBlock() != node->owningBlock()) {
    return false;
  }
  for (const auto* between = node->next(); between != place; between = between->next()) {
    if (!leavesOthersAlone(between)) {
      return false;
    }
  }
  return true;
}

/// A convolution with what is done to its output before anything else reads it.
struct Chain {
  std::vector<Node*> nodes;
  Value* other = nullptr;  ///< what is added
  bool relu = false;
};

Chain chainOf(Node* convolution, bool sums) {
  Chain chain{{convolution}};
  const auto follow = [&] {
    auto* next = onlyReader(chain.nodes.back()->output());
    return next != nullptr && canMoveTo(convolution, next) ? next : nullptr;
  };
  auto* next = follow();
  if (sums && next != nullptr && (next->kind() == aten::add || next->kind() == aten::add_) &&
      isSumOfTensors(next) && isOne(next->input(2))) {
    const bool first = next->input(0) == convolution->output();
    if (first || next->kind() == aten::add) {
      chain.other = next->input(first ? 1 : 0);
      chain.nodes.push_back(next);
      next = follow();
    }
  }
  if (next != nullptr && (next->kind() == aten::relu || next->kind() == aten::relu_)) {
    chain.relu = true;
    chain.nodes.push_back(next);
  }
  return chain;
}

void replace(Graph& graph, const Chain& chain, Value* filters, std::int64_t outputs,
             std::int64_t padding) {
  auto* convolution = chain.nodes.front();
  auto* last = chain.nodes.back();
  const torch::jit::WithInsertPoint before(last);
  auto* node =
      graph.create(winogradOperator(),
                   {convolution->input(0), filters, convolution->input(2),
                    chain.other != nullptr ? chain.other : graph.insertConstant(c10::IValue()),
                    graph.insertConstant(outputs), graph.insertConstant(padding),
                    graph.insertConstant(chain.relu)});
  graph.insertNode(node);
  last->output()->replaceAllUsesWith(node->output());
  std::for_each(chain.nodes.rbegin(), chain.nodes.rend(), [](Node* done) { done->destroy(); });
}

}  // namespace

std::vector<std::size_t> useWinograd(ForwardGraph& forward, const std::vector<NormFold>& folds,
                                     std::size_t dataInputs, bool sums) {
  auto& graph = *forward.graph;
  std::vector<std::size_t> weights;
  for (const auto kind : {aten::conv2d, aten::_convolution}) {
    for (auto* node : nodesOf(graph, kind)) {
      const auto weight = weightOf(forward, folds, node->input(1), dataInputs);
      const auto padding =
          weight && isConvolution(node) ? paddingOf(node, weight->tensor) : std::nullopt;
      if (padding) {
        replace(graph, chainOf(node, sums), graph.addInput(), weight->tensor.size(0), *padding);
        weights.push_back(weight->place);
      }
    }
  }
  return weights;
}

}  // namespace tarn::engine
