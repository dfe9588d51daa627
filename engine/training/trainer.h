#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/dataset.h"
#include "engine/data/evaluate.h"
#include "engine/model/model.h"
#include "engine/optim/optimizer.h"
#include "engine/training/train_settings.h"

namespace tarn::engine {

/// One point of the curves, after `step` steps. Loss and accuracy are means over the batches since
/// the metric before, each taken before its step; norms and rate are of the last step alone.
struct TrainMetric {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;
  std::optional<double> accuracy;
  double gradientNorm = 0;  ///< before clipping
  double stepNorm = 0;      ///< ‖θ_t − θ_{t−1}‖
  double rate = 0;          ///< learning rate, the schedule included
};

/// θ after `step` steps, with the exact loss and accuracy over all samples in the mode that the
/// model came in.
struct TrainSnapshot {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;
  std::optional<double> accuracy;
  at::Tensor parameters;  ///< a copy of θ
  at::Tensor buffers;     ///< float64; empty when the model has none
  /// On the samples held out, in the same mode; none when there are none. May be NaN or infinite.
  std::optional<Evaluation> validation = std::nullopt;
};

/// Who watches a run. Any function may throw to end it.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  /// Called before every step and every batch of an evaluation. When it throws Error(cancelled)
  /// after a step was made, a last checkpoint is given before the run ends.
  virtual void onStep(std::int64_t step, std::int64_t steps) = 0;
  virtual void onMetric(const TrainMetric& metric) = 0;
  virtual void onSnapshot(const TrainSnapshot& snapshot) = 0;
  /// The running average of θ that an optimizer keeps beside its steps, after the same step's
  /// onSnapshot(); with the run's own buffers. For optimizers that have one, once they have.
  virtual void onAverage(const TrainSnapshot& snapshot) = 0;
  virtual void onCheckpoint(std::int64_t step, std::span<const std::byte> state) = 0;
};

struct TrainOutcome {
  std::int64_t steps = 0;  ///< that were made, those before a resume included
  /// The step whose loss or gradient was not finite or which a rule that looks further than at its
  /// gradient ended at no finite θ, or the snapshot whose loss was not; the run
  /// ended there, and the snapshots that were taken before are good.
  std::optional<std::int64_t> divergedAt;
  std::int64_t lastSnapshot = 0;
  double loss = 0;  ///< at the last snapshot
  std::optional<double> accuracy;
};

/// The run's optimizer, as it begins. Throws Error(usage) for wrong options, and what
/// Optimizer::requireFit throws when it can't take this model, data or loss.
std::unique_ptr<Optimizer> optimizerFor(const Model& model, const Dataset& data, const Loss& loss,
                                        const TrainSettings& settings);

std::int64_t stepsOf(const TrainSettings& settings, std::int64_t samples);

/// Trains the model in place by minibatches: same settings, data, start and thread count, same
/// bits. `resume` is a checkpoint of the same run (empty: none); the run then goes on as if it had
/// never been interrupted, and what lies before is not reported again. Where a run was stopped
/// while a snapshot was being taken, the continued run takes it.
///
/// `validation` holds samples that snapshots are measured on besides; null: none.
///
/// Throws as optimizerFor(), Error(badInput) for a foreign checkpoint or inputs that
/// do not fit, Error(unsupported) when the loss has no derivative, Error(numerical) when the loss
/// is not finite at the very start.
TrainOutcome train(Model& model, const Dataset& data, const Loss& loss,
                   const TrainSettings& settings, TrainObserver& observer,
                   std::span<const std::byte> resume = {}, const Dataset* validation = nullptr);

}  // namespace tarn::engine
