#pragma once

#include <vector>

#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// How a rule finds polar factors: the options `polar` (qdwh, newton-schulz, polar-express or svd)
/// and `polar_steps`.
class PolarMethod {
 public:
  /// Throws Error(usage) for svd with steps.
  explicit PolarMethod(const OptimizerValues& values);
  /// U·Vᵀ of the thin singular value decomposition of an m×n matrix, or about that.
  at::Tensor operator()(const at::Tensor& matrix) const;

 private:
  std::string word_;
  std::int64_t steps_;
};

/// Both options, to be added to an optimizer's.
std::vector<OptimizerOption> polarOptions();

}  // namespace tarn::engine
