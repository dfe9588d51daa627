#include "engine/training/snapshot_taker.h"

#include <algorithm>
#include <cmath>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include "engine/data/experiment.h"

namespace tarn::engine {
namespace {

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

/// Gives LibTorch's random numbers back: a model that drops units in every mode draws some.
class KeptRandom {
 public:
  KeptRandom() : state_(at::detail::getDefaultCPUGenerator().get_state()) {}
  ~KeptRandom() { at::Generator(at::detail::getDefaultCPUGenerator()).set_state(state_); }
  KeptRandom(const KeptRandom&) = delete;
  KeptRandom& operator=(const KeptRandom&) = delete;

 private:
  at::Tensor state_;
};

}  // namespace

SnapshotTaker::SnapshotTaker(Model& model, const Dataset& data, const Loss& loss,
                             const Dataset* heldOut, const SnapshotPlan& plan, std::int64_t steps,
                             std::int64_t batchesPerEpoch)
    : model_(model),
      loss_(loss),
      training_(model.training()),
      batches_(makeBatches(data, referencePlan())),
      heldOut_(heldOut == nullptr ? std::vector<Batch>() : makeBatches(*heldOut, referencePlan())),
      batchesPerEpoch_(batchesPerEpoch),
      steps_(snapshotSteps(plan, steps, batchesPerEpoch)),
      lossSteps_(measuredSteps(steps_, plan.losses, kEpochsALoss * batchesPerEpoch)),
      heldOutSteps_(measuredSteps(steps_, plan.losses, batchesPerEpoch)) {}

bool SnapshotTaker::dueAt(std::int64_t step) const {
  return std::ranges::binary_search(steps_, step);
}

std::optional<TrainSnapshot> SnapshotTaker::take(std::int64_t step,
                                                 const std::function<void()>& pause) {
  std::optional<TrainSnapshot> found = measured(step, pause);
  if (found && !heldOut_.empty() && std::ranges::binary_search(heldOutSteps_, step)) {
    const KeptRandom random;
    found->validation = evaluate(model_, heldOut_, loss_, pause);
  }
  return found;
}

std::optional<TrainSnapshot> SnapshotTaker::takeAt(const at::Tensor& parameters, std::int64_t step,
                                                   const std::function<void()>& pause) {
  const Visit visit(model_.parameters(), parameters);
  return measured(step, pause);
}

std::optional<TrainSnapshot> SnapshotTaker::measured(std::int64_t step,
                                                     const std::function<void()>& pause) {
  model_.setTraining(training_);
  TrainSnapshot found{step,
                      static_cast<double>(step) / static_cast<double>(batchesPerEpoch_),
                      {},
                      {},
                      model_.parameters().flat().clone(),
                      model_.buffers()};
  if (!std::ranges::binary_search(lossSteps_, step)) {
    // 0·∞ and 0·NaN are NaN; many times as quick as isfinite().
    return found.parameters.mul(0).sum().item<double>() == 0 ? std::optional(std::move(found))
                                                             : std::nullopt;
  }
  const KeptRandom random;
  const Evaluation evaluation = evaluate(model_, batches_, loss_, pause);
  if (!std::isfinite(evaluation.loss)) {
    return std::nullopt;
  }
  found.loss = evaluation.loss;
  found.accuracy = evaluation.accuracy;
  return found;
}

}  // namespace tarn::engine
