#pragma once

#include <cstddef>
#include <vector>

#include "engine/landscape/graph_rewrite.h"

namespace tarn::engine {

/// Has convolutions of 3×3 filters, stride 1 and some channels done by Winograd's filtering, with
/// the relu behind them, and if `sums` the addition. Which they are: the places of their weights
/// among what the graph takes after the data, the network's tensors and what is folded of them.
/// For each of them the graph gets a further input, winogradFilters() of those weights. After
/// foldBatchNorms(), before other rewrites.
std::vector<std::size_t> useWinograd(ForwardGraph& forward, const std::vector<NormFold>& folds,
                                     std::size_t dataInputs, bool sums);

}  // namespace tarn::engine
