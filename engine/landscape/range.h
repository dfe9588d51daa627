#pragma once

#include <functional>
#include <optional>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/data/experiment.h"
#include "engine/landscape/slice.h"

namespace tarn::engine {

/// How far an axis reaches to either side of θ, in units of its direction.
///
///   abs:x   x
///   rel:x   x·‖θ‖/‖d‖
///   auto    where the loss has risen by max(L(θ), 0.05·L_ref), L_ref = ln C for cross-entropy, the
///           loss of the zero output for mse: the nearer of both sides, found by doubling and
///           bisection from the curvature's guess √(2·rise/dᵀHd), at most ‖θ‖/‖d‖.
class RangeFinder {
 public:
  /// Moves the model while it searches, and back. The experiment must outlive this.
  RangeFinder(Experiment& experiment, std::function<void()> pause);

  /// curvature dᵀHd, if known, only for `auto`. Throws Error(usage) for a range that is none of
  /// these or not positive, Error(badInput) for a direction of length 0.
  double halfWidth(const at::Tensor& direction, const std::string& range,
                   std::optional<double> curvature);

 private:
  double find(const at::Tensor& direction, double guess, double cap);

  Experiment& experiment_;
  std::function<void()> pause_;
  at::Tensor center_;
  std::optional<double> rise_;  ///< measured when first needed
  double lossAtCenter_ = 0;
};

}  // namespace tarn::engine
