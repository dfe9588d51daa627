#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"
#include "engine/training/snapshot_taker.h"
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
  /// ‖θ_t − θ_{t−1}‖. Measured of a hundred steps at most, evenly over the run, and of the last:
  /// it takes a copy of θ, which in a wide network is not little beside the step.
  std::optional<double> stepNorm;
  double rate = 0;  ///< learning rate, the schedule included
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
  /// What is to be known of how the run is made; each once.
  virtual void onRemark(const std::string& remark) = 0;
  virtual void onCheckpoint(std::int64_t step, std::span<const std::byte> state) = 0;
};

struct TrainOutcome {
  std::int64_t steps = 0;  ///< that were made, those before a resume included
  /// The step whose loss or gradient was not finite or which a rule that looks further than at its
  /// gradient ended at no finite θ, or the snapshot that was not finite; the run ended there, and
  /// the snapshots that were taken before are good.
  std::optional<std::int64_t> divergedAt;
  std::int64_t lastSnapshot = 0;
  double loss = 0;  ///< at the last snapshot where it was measured
  std::optional<double> accuracy;
};

/// Trains the model in place by minibatches: same settings, data, start and thread count, same
/// bits. `resume` is a checkpoint of the same run (empty: none); the run then goes on as if it had
/// never been interrupted, and what lies before is not reported again. Where a run was stopped
/// while a snapshot was being taken, the continued run takes it.
///
/// `validation` holds samples that snapshots are measured on besides; null: none.
///
/// Throws as optimizerFor() (run_setup.h), Error(badInput) for a foreign checkpoint or inputs that
/// do not fit, Error(unsupported) when the loss has no derivative, Error(numerical) when the loss
/// is not finite at the very start.
TrainOutcome train(Model& model, const Dataset& data, const Loss& loss,
                   const TrainSettings& settings, TrainObserver& observer,
                   std::span<const std::byte> resume = {}, const Dataset* validation = nullptr);

}  // namespace tarn::engine
