#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "engine/model/forward_graph.h"

namespace tarn::engine {

// Rewrites of a forward pass that leave its value as it is, but for rounding. Tensors are named by
// their place in ForwardGraph::tensors. What replaces them becomes a further input of the graph.

/// A convolution and the BatchNorm behind it, made one convolution:
/// W' = W·γ/√(σ² + ε), b' = (b − μ)·γ/√(σ² + ε) + β. The graph gets W' and b' as two inputs.
struct NormFold {
  std::size_t weight = 0;
  std::optional<std::size_t> bias;
  std::optional<std::size_t> gamma;
  std::optional<std::size_t> beta;
  std::size_t mean = 0;
  std::size_t variance = 0;
  double eps = 0;
};

/// Folds every BatchNorm in evaluation mode that takes a convolution's output alone.
std::vector<NormFold> foldBatchNorms(ForwardGraph& forward, std::size_t dataInputs);

/// A linear layer of the data themselves. The graph gets its output as an input.
struct FirstLayer {
  std::shared_ptr<torch::jit::Graph> input;  ///< the graph's inputs ↦ what the layer is applied to
  std::size_t weight = 0;
  std::optional<std::size_t> bias;
};

/// Takes those layers out.
std::vector<FirstLayer> takeFirstLayers(ForwardGraph& forward, std::size_t dataInputs);

/// Lets relu, and if `sums` additions, overwrite the output of a layer that nothing else reads.
void workInPlace(ForwardGraph& forward, bool sums);

}  // namespace tarn::engine
