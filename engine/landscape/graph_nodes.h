#pragma once

#include <vector>

#include <ATen/core/symbol.h>

namespace torch::jit {
struct Graph;
struct Node;
struct Value;
}  // namespace torch::jit

namespace tarn::engine {

// What rewrites ask of a graph.

/// The nodes of a kind, without those of inner blocks.
std::vector<torch::jit::Node*> nodesOf(torch::jit::Graph& graph, c10::Symbol kind);

/// Whether a value is this constant.
bool isFalse(const torch::jit::Value* value);
bool isOne(const torch::jit::Value* value);

/// Whether an addition has two tensors.
bool isSumOfTensors(const torch::jit::Node* node);
/// Of 1 to 3 dimensions, not transposed.
bool isConvolution(const torch::jit::Node* node);
/// Whether a node's output shares memory with nothing else.
bool makesNewTensor(const torch::jit::Node* node);
/// Whether a value shares memory with nothing else and is read by one node alone.
bool isOwn(const torch::jit::Value* value);

}  // namespace tarn::engine
