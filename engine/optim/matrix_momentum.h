#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// Momentum as an average: M ← βM + (1 − β)G, with β the option `momentum`.
class MatrixMomentum {
 public:
  MatrixMomentum(const OptimizerValues& values, const at::Tensor& like);

  /// Takes a gradient in and returns the new M, which the next call overwrites.
  const at::Tensor& average(const at::Tensor& gradient);
  /// Takes a gradient in and returns Nesterov's (1 − β)G + βM of the new M.
  at::Tensor lookAhead(const at::Tensor& gradient);
  void exchangeState(StateArchive& archive);

 private:
  double beta_;
  at::Tensor average_;
};

OptimizerOption momentumOption();

}  // namespace tarn::engine
