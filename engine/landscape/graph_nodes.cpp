#include "engine/landscape/graph_nodes.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include "engine/landscape/winograd.h"

namespace tarn::engine {

namespace aten = c10::aten;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

std::vector<Node*> nodesOf(Graph& graph, c10::Symbol kind) {
  std::vector<Node*> result;
  for (auto* node : graph.nodes()) {
    if (node->kind() == kind) {
      result.push_back(node);
    }
  }
  return result;
}

bool isFalse(const Value* value) {
  const auto constant = torch::jit::toIValue(value);
  return constant && constant->isBool() && !constant->toBool();
}

bool isOne(const Value* value) {
  const auto constant = torch::jit::toIValue(value);
  return constant && constant->isScalar() && constant->toScalar().equal(1);
}

bool isSumOfTensors(const Node* node) {
  return node->inputs().size() == 3 && node->input(1)->type()->isSubtypeOf(*c10::TensorType::get());
}

bool isConvolution(const Node* node) {
  const auto kind = node->kind();
  if (kind == aten::_convolution) {
    return isFalse(node->input(6));  // not transposed
  }
  return kind == aten::conv1d || kind == aten::conv2d || kind == aten::conv3d;
}

bool makesNewTensor(const Node* node) {
  return isConvolution(node) || node->kind() == aten::linear || node->kind() == aten::batch_norm ||
         node->kind() == winogradOperator();
}

bool isOwn(const Value* value) {
  const auto kind = value->node()->kind();
  return value->uses().size() == 1 &&
         (makesNewTensor(value->node()) || kind == aten::add || kind == aten::add_);
}

}  // namespace tarn::engine
