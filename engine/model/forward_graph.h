#pragma once

#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

namespace torch::jit {
struct Graph;
}

namespace tarn::engine {

/// A network's forward pass in evaluation mode as a graph that takes the network's tensors as
/// inputs, so that others can be given in their place.
struct ForwardGraph {
  /// Inputs: those of the data, in order, then one for each of `tensors`. One output, a tensor.
  std::shared_ptr<torch::jit::Graph> graph;
  /// The network's own parameters and buffers, in the order of the graph's inputs.
  std::vector<at::Tensor> tensors;
};

}  // namespace tarn::engine
