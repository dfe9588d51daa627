#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/optim/matrix_routing.h"
#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// What a matrix optimizer does with one m×n matrix (out×in). One object belongs to one matrix.
class MatrixRule {
 public:
  virtual ~MatrixRule() = default;
  /// Moves the weights in place. `weights` and `gradient` are m×n; the gradient is never written
  /// to; `rate` is the learning rate, the schedule included. No gradients are recorded.
  virtual void step(const at::Tensor& weights, const at::Tensor& gradient, double rate) = 0;
  virtual void exchangeState(StateArchive& archive) = 0;
};

/// `like` is an m×n matrix of θ's dtype and device. Throws Error(usage).
using MakeMatrixRule = std::function<std::unique_ptr<MatrixRule>(const OptimizerValues& values,
                                                                 const at::Tensor& like)>;

/// Makes the kind an optimizer that applies one rule, each on its own, to the matrices that
/// routeMatrices() gives it, and AdamW to the rest. Adds the options for that; the kind's own have
/// a learning rate called `lr`.
void useMatrixRule(OptimizerKind& kind, MakeMatrixRule makeRule);

/// W ← (1 − rate·decay)·W.
void decayWeights(const at::Tensor& weights, double rate, double decay);

}  // namespace tarn::engine
