#include "engine/training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include "engine/training/batch_order.h"
#include "engine/training/run_setup.h"
#include "engine/training/run_state.h"
#include "engine/training/trained_batch.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto checkpointInterval = std::chrono::seconds(10);
constexpr std::int64_t kMostLengths = 100;  ///< of steps that are measured

/// ‖a − b‖, on the CPU block by block, so that the difference does not leave the cache.
double stepLength(const at::Tensor& a, const at::Tensor& b) {
  const std::int64_t size = a.numel();
  const std::int64_t block = a.is_cpu() ? std::int64_t{1} << 15U : size;
  double squares = 0;
  for (std::int64_t first = 0; first < size; first += block) {
    const std::int64_t count = std::min(block, size - first);
    const double part =
        (a.narrow(0, first, count) - b.narrow(0, first, count)).norm().item<double>();
    squares += part * part;
  }
  return std::sqrt(squares);
}

class Run {
 public:
  Run(Model& model, const Dataset& data, const Loss& loss, const TrainSettings& settings,
      TrainObserver& observer, const Dataset* validation)
      : model_(model),
        data_(data),
        loss_(loss),
        settings_(settings),
        observer_(observer),
        course_(courseText(model, data, loss, settings, validation)),
        perEpoch_(batchesPerEpoch(data.samples(), settings.batchSize)),
        steps_(stepsOf(settings, data.samples())),
        metricEvery_((steps_ + settings.metrics - 1) / settings.metrics),
        lengthEvery_(metricEvery_ * ((steps_ / metricEvery_ + kMostLengths - 1) / kMostLengths)),
        snapshots_(model, data, loss_, validation, settings.snapshots, steps_, perEpoch_) {
    state_.optimizer = optimizerFor(model, data, loss, settings);
    at::Generator(at::detail::getDefaultCPUGenerator()).set_current_seed(settings.orderSeed);
  }

  TrainOutcome go(std::span<const std::byte> resume) {
    if (resume.empty()) {
      if (!snapshot()) {
        throw Error(ErrorCode::numerical, "The loss is not a finite number before the first step.",
                    "Look for values that are not finite in the data or the model's weights.");
      }
    } else {
      restoreRun(model_, state_, course_, resume);
      if (!snapshotIfDue()) {
        return diverged();
      }
    }
    while (state_.step < steps_) {
      pause();
      if (!step() || !snapshotIfDue()) {
        return diverged();
      }
      checkpointIfDue();
    }
    return outcome();
  }

 private:
  /// Where a run may be stopped: θ, the optimizer and what was reported belong to the same step.
  void pause() {
    try {
      observer_.onStep(state_.step, steps_);
    } catch (const Error& error) {
      leave(error);
      throw;
    }
  }

  /// The last thing a run does that was stopped.
  void leave(const Error& error) {
    if (error.code() == ErrorCode::cancelled && state_.step > 0) {
      observer_.onCheckpoint(state_.step, saveRun(model_, state_, course_));
    }
  }

  /// One batch: false when its loss or gradient is not finite or leads nowhere that is, and then
  /// nothing has moved.
  bool step() {
    const at::Tensor batch = nextBatch();
    const Batch chosen = selectBatch(data_, batch);
    const bool asksBatch = state_.optimizer->asksBatch();
    const StepStart start = asksBatch ? StepStart::of(model_) : StepStart();
    model_.setTraining(true);
    const BatchSlope slope = batchSlope(model_, chosen, loss_);
    const double gradientNorm = slope.gradient.norm().item<double>();
    if (!std::isfinite(slope.loss) || !std::isfinite(gradientNorm)) {
      return false;
    }
    const ParameterSpace& space = model_.parameters();
    const bool measured = (state_.step + 1) % metricEvery_ == 0 || state_.step + 1 == steps_;
    const bool lengthMeasured = (state_.step + 1) % lengthEvery_ == 0 || state_.step + 1 == steps_;
    if (lengthMeasured) {
      before_ = before_.defined() ? before_.copy_(space.flat()) : space.flat().clone();
    }
    const double factor = rateFactor(settings_.schedule, state_.step, steps_, perEpoch_);
    OptimizerStep step{space.flat(), clipped(slope.gradient, settings_.clip), factor, slope.loss,
                       state_.step % perEpoch_ == 0};
    if (asksBatch) {
      if (!stepOnBatch(step, chosen, start)) {
        return false;
      }
    } else {
      state_.optimizer->step(step);
    }
    const auto count = static_cast<double>(chosen.size());
    mean().loss += slope.loss * count;
    mean().samples += chosen.size();
    if (classifies()) {
      mean().correct += countCorrect(slope.outputs, chosen.targets);
    }
    ++state_.step;
    if (measured) {
      reportMetric(gradientNorm,
                   lengthMeasured ? std::optional(stepLength(space.flat(), before_)) : std::nullopt,
                   factor * state_.optimizer->learningRate());
    }
    return true;
  }

  /// A step of a rule that evaluates the batch itself, which may take long, be stopped, and end
  /// where the model is not finite.
  bool stepOnBatch(OptimizerStep& step, const Batch& chosen, const StepStart& start) {
    TrainedBatch::Options options;
    options.clip = settings_.clip;
    options.memoryBytes = settings_.memoryBytes;
    options.pause = [this] { observer_.onStep(state_.step, steps_); };
    options.remark = [this](const std::string& remark) {
      if (remarks_.insert(remark).second) {
        observer_.onRemark(remark);
      }
    };
    TrainedBatch batch(model_, chosen, loss_, start, std::move(options));
    step.batch = &batch;
    try {
      state_.optimizer->step(step);
    } catch (const Error& error) {
      start.restore(model_);
      leave(error);
      throw;
    }
    if (!step.parameters.isfinite().all().item<bool>()) {
      start.restore(model_);
      return false;
    }
    return true;
  }

  at::Tensor nextBatch() {
    const std::int64_t epoch = state_.step / perEpoch_;
    if (epoch != orderEpoch_) {
      const std::int64_t samples = data_.samples();
      order_ = at::tensor(at::IntArrayRef(epochOrder(samples, settings_.orderSeed, epoch)));
      orderEpoch_ = epoch;
    }
    const std::int64_t first = state_.step % perEpoch_ * settings_.batchSize;
    return order_.narrow(0, first, std::min(settings_.batchSize, order_.size(0) - first));
  }

  void reportMetric(double gradientNorm, std::optional<double> stepNorm, double rate) {
    TrainMetric metric;
    metric.step = state_.step;
    metric.epoch = static_cast<double>(state_.step) / static_cast<double>(perEpoch_);
    metric.loss = mean().loss / static_cast<double>(mean().samples);
    if (classifies()) {
      metric.accuracy = mean().correct / static_cast<double>(mean().samples);
    }
    metric.gradientNorm = gradientNorm;
    metric.stepNorm = stepNorm;
    metric.rate = rate;
    mean() = {};
    observer_.onMetric(metric);
  }

  /// False when the model is not finite, and then nothing is reported. Who stops the run there
  /// leaves it as it was before.
  bool snapshot() {
    std::optional<TrainSnapshot> found;
    std::optional<TrainSnapshot> average;
    const auto pause = [this] { observer_.onStep(state_.step, steps_); };
    try {
      found = snapshots_.take(state_.step, pause);
      if (const at::Tensor there = state_.optimizer->average(); found && there.defined()) {
        average = snapshots_.takeAt(there, state_.step, pause);
      }
    } catch (const Error& error) {
      leave(error);
      throw;
    }
    if (!found) {
      return false;
    }
    observer_.onSnapshot(*found);
    if (average) {
      observer_.onAverage(*average);
    }
    state_.last.step = state_.step;
    if (found->loss) {
      state_.last.loss = *found->loss;
      state_.last.accuracy = found->accuracy.value_or(0);
    }
    return true;
  }

  /// As snapshot(), when one belongs to this step and was not taken before.
  bool snapshotIfDue() {
    return state_.last.step == state_.step || !snapshots_.dueAt(state_.step) || snapshot();
  }

  void checkpointIfDue() {
    const bool due = settings_.checkpointEvery > 0
                         ? state_.step % settings_.checkpointEvery == 0
                         : Clock::now() - lastCheckpoint_ >= checkpointInterval;
    if (due && state_.step < steps_) {
      observer_.onCheckpoint(state_.step, saveRun(model_, state_, course_));
      lastCheckpoint_ = Clock::now();
    }
  }

  TrainOutcome diverged() const {
    TrainOutcome end = outcome();
    end.divergedAt = state_.step;
    return end;
  }

  TrainOutcome outcome() const {
    TrainOutcome end;
    end.steps = state_.step;
    end.lastSnapshot = state_.last.step;
    end.loss = state_.last.loss;
    if (classifies()) {
      end.accuracy = state_.last.accuracy;
    }
    return end;
  }

  bool classifies() const { return loss_.classifies(); }
  RunningMean& mean() { return state_.mean; }

  Model& model_;
  const Dataset& data_;
  Loss loss_;
  const TrainSettings& settings_;
  TrainObserver& observer_;
  std::string course_;
  std::int64_t perEpoch_;
  std::int64_t steps_;
  std::int64_t metricEvery_;
  std::int64_t lengthEvery_;  ///< a multiple of it
  SnapshotTaker snapshots_;
  std::set<std::string> remarks_;
  at::Tensor before_;  ///< θ before the step whose length is measured
  RunState state_;
  at::Tensor order_;
  std::int64_t orderEpoch_ = -1;
  Clock::time_point lastCheckpoint_ = Clock::now();
};

}  // namespace

TrainOutcome train(Model& model, const Dataset& data, const Loss& loss,
                   const TrainSettings& settings, TrainObserver& observer,
                   std::span<const std::byte> resume, const Dataset* validation) {
  const bool training = model.training();
  const TrainOutcome outcome = Run(model, data, loss, settings, observer, validation).go(resume);
  model.setTraining(training);
  return outcome;
}

}  // namespace tarn::engine
