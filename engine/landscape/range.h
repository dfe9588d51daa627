#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/experiment.h"
#include "engine/landscape/slice.h"

namespace tarn::engine {

/// From where to where an axis reaches, in units of its direction; θ is at 0.
struct AxisRange {
  double from = 0;
  double to = 0;
};

/// How far an axis reaches, in units of its direction.
///
///   abs:x        −x … x
///   abs:a..b     a … b
///   rel:x        −x … x in units of ‖θ‖/‖d‖; rel:a..b likewise
///   auto         to where the loss has risen by max(L(θ), 0.05·L_ref), L_ref = ln C for
///                cross-entropy, the loss of the zero output for mse: the nearer of both sides,
///                found by doubling and bisection from the curvature's guess √(2·rise/dᵀHd), at
///                most ‖θ‖/‖d‖
class RangeFinder {
 public:
  /// Moves the model while it searches, and back. The experiment must outlive this.
  RangeFinder(Experiment& experiment, std::function<void()> pause);

  /// curvature dᵀHd, if known, only for `auto`. Throws Error(usage) for a range that is none of
  /// these, Error(badInput) for a direction of length 0, or when the loss is not finite anywhere
  /// along the range but at θ.
  AxisRange find(const at::Tensor& direction, const std::string& range,
                 std::optional<double> curvature);
  /// The same for a range that is symmetric: how far it reaches to either side.
  double halfWidth(const at::Tensor& direction, const std::string& range,
                   std::optional<double> curvature) {
    return find(direction, range, curvature).to;
  }

 private:
  double search(const at::Tensor& direction, double guess, double cap);
  void requireFinite(const at::Tensor& direction, const std::string& range, const AxisRange& reach);
  double lossAt(const Slice& line, double distance);

  Experiment& experiment_;
  std::function<void()> pause_;
  at::Tensor center_;
  std::vector<Batch> batches_;
  std::optional<double> rise_;  ///< measured when first needed
  double lossAtCenter_ = 0;
};

}  // namespace tarn::engine
