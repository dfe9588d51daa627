#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// What BatchNorm's statistics are at a point of a landscape.
enum class BatchNormPolicy {
  frozen,       ///< those of the model, everywhere
  recalibrate,  ///< those of the data, at the point's own weights
  interpolate,  ///< on the way to other checkpoints: b₀ + Σ cᵢ(bᵢ − b₀), variances not below 0
};

/// Throws Error(usage).
BatchNormPolicy batchNormPolicyFromWord(const std::string& word);

/// Gives a model the statistics of a point. Not for `frozen`, which needs nothing.
///
/// Recalibration passes the data in the reference's batches, with BatchNorm alone in training mode:
/// each layer's mean is the mean over the batches, its variance their mean variance and the
/// variance of their means. What a layer sees is normalized by its own batch, so only one batch
/// gives exactly the statistics that the evaluated network has.
class Statistics {
 public:
  /// ends: for `interpolate` one for each axis of the slice: the buffers at its coefficient 1, or
  /// none where the axis leads to no checkpoint. Throws Error(usage) when no axis has any,
  /// Error(badInput) when they don't fit the model, Error(unsupported) when its statistics can't be
  /// recalibrated.
  Statistics(BatchNormPolicy policy, Model& model, std::vector<Batch> batches,
             std::vector<at::Tensor> ends);

  /// The model stands at the point already.
  void place(Model& model, std::span<const double> coefficients,
             const std::function<void()>& pause) const;

 private:
  void recalibrate(Model& model, const std::function<void()>& pause) const;
  void interpolate(Model& model, std::span<const double> coefficients) const;

  BatchNormPolicy policy_;
  std::vector<Batch> batches_;
  at::Tensor start_;
  std::vector<at::Tensor> steps_;  ///< bᵢ − b₀; undefined for an axis without
  std::vector<double> momenta_;    ///< of each buffer that is a mean or a variance, in order
};

}  // namespace tarn::engine
