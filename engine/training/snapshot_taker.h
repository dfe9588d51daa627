#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/dataset.h"
#include "engine/data/evaluate.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"
#include "engine/training/snapshot_plan.h"

namespace tarn::engine {

/// θ after `step` steps. What is measured of it is of the mode that the model came in.
struct TrainSnapshot {
  std::int64_t step = 0;
  double epoch = 0;
  /// Exact, over all samples; none where it was not measured: see measuredSteps().
  std::optional<double> loss;
  std::optional<double> accuracy;  ///< likewise
  at::Tensor parameters;           ///< a copy of θ
  at::Tensor buffers;              ///< float64; empty when the model has none
  /// On the samples held out; none when there are none, and where it was not measured. May be NaN
  /// or infinite.
  std::optional<Evaluation> validation = std::nullopt;
};

/// Takes the snapshots of a run: where they are due, and what is measured there. Measuring leaves
/// the model's buffers and LibTorch's random numbers as they were, so that what is recorded of a
/// run does not change where it goes.
class SnapshotTaker {
 public:
  /// All that is referred to is used as long as this lives; null: no samples are held out.
  SnapshotTaker(Model& model, const Dataset& data, const Loss& loss, const Dataset* heldOut,
                const SnapshotPlan& plan, std::int64_t steps, std::int64_t batchesPerEpoch);

  bool dueAt(std::int64_t step) const;

  /// The model as it is; none when its loss (or where that isn't measured, its θ) is not finite.
  /// `pause` is called before every batch of an evaluation and may throw to stop.
  std::optional<TrainSnapshot> take(std::int64_t step, const std::function<void()>& pause);

  /// The same with θ elsewhere, without the samples held out.
  std::optional<TrainSnapshot> takeAt(const at::Tensor& parameters, std::int64_t step,
                                      const std::function<void()>& pause);

 private:
  std::optional<TrainSnapshot> measured(std::int64_t step, const std::function<void()>& pause);

  Model& model_;
  const Loss& loss_;
  bool training_;               ///< the mode that the model came in
  std::vector<Batch> batches_;  ///< of a full pass, cut as the reference evaluation does
  std::vector<Batch> heldOut_;  ///< likewise of the samples held out
  std::int64_t batchesPerEpoch_;
  std::vector<std::int64_t> steps_;
  std::vector<std::int64_t> lossSteps_;     ///< of those, where the exact loss is measured
  std::vector<std::int64_t> heldOutSteps_;  ///< likewise on the samples held out
};

}  // namespace tarn::engine
