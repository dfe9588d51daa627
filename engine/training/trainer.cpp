#include "engine/training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include "engine/data/evaluate.h"
#include "engine/data/experiment.h"
#include "engine/optim/registry.h"
#include "engine/optim/run_facts.h"
#include "engine/training/batch_order.h"
#include "engine/training/run_state.h"
#include "engine/training/trained_batch.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto checkpointInterval = std::chrono::seconds(10);

/// What makes a checkpoint belong to a run.
std::string courseText(const Model& model, const Dataset& data, const Loss& loss,
                       const TrainSettings& settings, const Dataset* validation) {
  nlohmann::json course = courseOf(settings);
  course["optimizer"] = toJson(withDefaults(settings.optimizer));
  course["model"] = model.sha256();
  course["data"] = data.sha256;
  course["samples"] = data.samples();
  if (validation != nullptr) {
    course["validation"]["data"] = validation->sha256;
  }
  course["loss"] = toString(loss);
  if (!model.chosen().empty()) {
    course["parameters"] = model.chosen();
  }
  if (model.training()) {
    course["mode"] = "train";
  }
  return course.dump();
}

/// Takes θ elsewhere while it lives.
class Visit {
 public:
  Visit(ParameterSpace& space, const at::Tensor& there)
      : space_(space), home_(space.flat().clone()) {
    space_.set(there);
  }
  ~Visit() { space_.set(home_); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  ParameterSpace& space_;
  at::Tensor home_;
};

class Run {
 public:
  Run(Model& model, const Dataset& data, const Loss& loss, const TrainSettings& settings,
      TrainObserver& observer, const Dataset* validation)
      : model_(model),
        data_(data),
        loss_(loss),
        batches_(makeBatches(data, referencePlan())),
        heldOut_(validation == nullptr ? std::vector<Batch>()
                                       : makeBatches(*validation, referencePlan())),
        settings_(settings),
        observer_(observer),
        evaluatesInTraining_(model.training()),
        course_(courseText(model, data, loss, settings, validation)),
        perEpoch_(batchesPerEpoch(data.samples(), settings.batchSize)),
        steps_(stepsOf(settings, data.samples())),
        metricEvery_((steps_ + settings.metrics - 1) / settings.metrics),
        snapshots_(snapshotSteps(settings.snapshots, steps_, perEpoch_)) {
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
    const at::Tensor before = measured ? space.flat().clone() : at::Tensor();
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
      reportMetric(gradientNorm, (space.flat() - before).norm().item<double>(),
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

  void reportMetric(double gradientNorm, double stepNorm, double rate) {
    TrainMetric metric;
    metric.step = state_.step;
    metric.epoch = epochs();
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

  /// False when the loss is not finite, and then nothing is reported.
  bool snapshot() {
    std::optional<TrainSnapshot> found = measure([this] { pause(); });
    if (!found) {
      return false;
    }
    if (!heldOut_.empty()) {
      found->validation = evaluate(model_, heldOut_, loss_, [this] { pause(); });
    }
    const std::optional<TrainSnapshot> average = measureAverage();
    observer_.onSnapshot(*found);
    if (average) {
      observer_.onAverage(*average);
    }
    state_.last = {state_.step, found->loss, found->accuracy.value_or(0)};
    return true;
  }

  /// The model as it is; none when its loss is not finite.
  std::optional<TrainSnapshot> measure(const std::function<void()>& pause) {
    model_.setTraining(evaluatesInTraining_);
    const Evaluation evaluation = evaluate(model_, batches_, loss_, pause);
    if (!std::isfinite(evaluation.loss)) {
      return std::nullopt;
    }
    return TrainSnapshot{state_.step,
                         epochs(),
                         evaluation.loss,
                         evaluation.accuracy,
                         model_.parameters().flat().clone(),
                         model_.buffers()};
  }

  /// The same at the optimizer's average of θ, when it has one. Who stops the run there leaves it
  /// where it is at home.
  std::optional<TrainSnapshot> measureAverage() {
    const at::Tensor average = state_.optimizer->average();
    if (!average.defined()) {
      return std::nullopt;
    }
    try {
      const Visit visit(model_.parameters(), average);
      return measure([this] { observer_.onStep(state_.step, steps_); });
    } catch (const Error& error) {
      leave(error);
      throw;
    }
  }

  /// As snapshot(), when one belongs to this step and was not taken before.
  bool snapshotIfDue() {
    return state_.last.step == state_.step ||
           !std::ranges::binary_search(snapshots_, state_.step) || snapshot();
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
  double epochs() const {
    return static_cast<double>(state_.step) / static_cast<double>(perEpoch_);
  }
  RunningMean& mean() { return state_.mean; }

  Model& model_;
  const Dataset& data_;
  Loss loss_;
  std::vector<Batch> batches_;  ///< of a full pass, cut as the reference evaluation does
  std::vector<Batch> heldOut_;  ///< likewise of the samples held out; empty without any
  const TrainSettings& settings_;
  TrainObserver& observer_;
  bool evaluatesInTraining_;  ///< snapshots' losses are of the mode that the model came in
  std::string course_;
  std::int64_t perEpoch_;
  std::int64_t steps_;
  std::int64_t metricEvery_;
  std::vector<std::int64_t> snapshots_;
  RunState state_;
  at::Tensor order_;
  std::int64_t orderEpoch_ = -1;
  Clock::time_point lastCheckpoint_ = Clock::now();
};

}  // namespace

std::unique_ptr<Optimizer> optimizerFor(const Model& model, const Dataset& data, const Loss& loss,
                                        const TrainSettings& settings) {
  auto optimizer = makeOptimizer(settings.optimizer, model.parameters());
  RunFacts facts;
  facts.parameters = model.parameters().size();
  facts.samples = data.samples();
  facts.batchSize = settings.batchSize;
  facts.targetNumbers =
      data.targets.defined() ? data.targets.numel() / std::max<std::int64_t>(data.samples(), 1) : 0;
  facts.batchNormLayers = model.batchNormLayers();
  facts.loss = loss;
  facts.memoryBytes = settings.memoryBytes;
  facts.numberBytes = at::elementSize(model.dtype());
  if (settings.clip > 0 && !optimizer->followsGradient()) {
    throw Error(ErrorCode::usage,
                shortName(settings.optimizer) +
                    " takes steps by its own gradients, so that clipping would change nothing or "
                    "break its tests.",
                "Leave the clipping out.");
  }
  optimizer->requireFit(facts);
  return optimizer;
}

std::int64_t stepsOf(const TrainSettings& settings, std::int64_t samples) {
  return settings.epochs * batchesPerEpoch(samples, settings.batchSize);
}

TrainOutcome train(Model& model, const Dataset& data, const Loss& loss,
                   const TrainSettings& settings, TrainObserver& observer,
                   std::span<const std::byte> resume, const Dataset* validation) {
  const bool training = model.training();
  const TrainOutcome outcome = Run(model, data, loss, settings, observer, validation).go(resume);
  model.setTraining(training);
  return outcome;
}

}  // namespace tarn::engine
