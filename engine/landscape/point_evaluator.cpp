#include "engine/landscape/point_evaluator.h"

#include <algorithm>
#include <cmath>

#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <torch/torch.h>

#include "engine/data/batch_loss.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// Inside its life a tensor may stand for one tensor a point (vmap). Released also by exceptions:
/// a layer that is left behind would batch everything that comes later.
class PointLayer {
 public:
  explicit PointLayer(std::int64_t points)
      : level_(at::functorch::initAndPushDynamicLayer(at::functorch::TransformType::Vmap,
                                                      c10::SymInt(points),
                                                      at::functorch::RandomnessType::Error)) {}
  ~PointLayer() { at::functorch::popDynamicLayerAndDeleteMetadata(); }
  PointLayer(const PointLayer&) = delete;
  PointLayer& operator=(const PointLayer&) = delete;

  /// points × … as one … a point.
  at::Tensor batched(const at::Tensor& tensor) const {
    return at::functorch::makeBatched(tensor, 0, level_);
  }
  /// The other way round; what is the same at all points is repeated.
  at::Tensor unbatched(const at::Tensor& tensor, std::int64_t points) const {
    const auto* wrapped = at::functorch::maybeGetBatchedImpl(tensor);
    if (wrapped == nullptr || wrapped->level() != level_) {
      auto shape = tensor.sizes().vec();
      shape.insert(shape.begin(), points);
      return tensor.unsqueeze(0).expand(shape);
    }
    return wrapped->value().movedim(wrapped->bdim(), 0);
  }

 private:
  std::int64_t level_;
};

}  // namespace

SamplingWork makeWork(const Experiment& experiment, const Slice& slice, const ExecutionPlan& plan,
                      const PointWishes& wishes, const std::vector<at::Tensor>& ends) {
  SamplingWork work{
      experiment, slice, plan,   makeBatches(experiment.data, plan.batches),          {},
      {},         {},    wishes, wishes.classLoss ? experiment.outputShape.back() : 0};
  const auto policy = batchNormPolicyFromWord(experiment.batchNorm);
  if (policy != BatchNormPolicy::frozen && experiment.model->batchNormLayers() > 0) {
    const auto model = experiment.model->clone();
    work.statistics = std::make_shared<const Statistics>(
        policy, *model, makeBatches(experiment.data, referencePlan()), ends);
  }
  if (plan.graph) {
    auto model = experiment.model->clone();
    {
      const at::NoGradGuard noGrad;
      slice.place(*model, std::vector<double>(slice.dimension(), 0));
    }
    work.programs = std::make_shared<const PointPrograms>(std::move(model), work.batches, plan);
  }
  if (plan.firstLayers) {
    work.firstOutputs = std::make_shared<const FirstOutputs>(*work.programs, slice, work.batches);
  }
  return work;
}

PointEvaluator::PointEvaluator(const SamplingWork& work)
    : work_(work), model_(work.experiment.model->clone()) {
  const auto& plan = work.plan;
  if (work.programs) {
    tensors_ = work.programs->tensorsOf(*model_);
  }
  if (plan.pointsPerCall > 1) {
    theta_ = at::empty({plan.pointsPerCall, model_->parameters().size()},
                       model_->parameters().flat().options());
  }
  if (work.wishes.gradientNorm) {
    std::vector<at::Tensor> rows;
    rows.reserve(work.slice.dimension());
    for (std::size_t axis = 0; axis < work.slice.dimension(); ++axis) {
      rows.push_back(at::tensor(work.slice.direction(axis), at::kDouble));
    }
    directions_ = at::stack(rows);
  }
}

PointEvaluator::~PointEvaluator() = default;

std::vector<PointValues> PointEvaluator::evaluate(std::span<const std::vector<double>> points,
                                                  const std::function<void()>& pause) {
  std::vector<PointValues> values(points.size());
  const auto together = static_cast<std::size_t>(std::max(work_.plan.pointsPerCall, 1));
  for (std::size_t first = 0; first < points.size(); first += together) {
    const auto count = std::min(together, points.size() - first);
    if (together > 1) {
      const at::NoGradGuard noGrad;
      evaluateTogether(points.subspan(first, count), std::span(values).subspan(first, count),
                       pause);
    } else {
      work_.slice.place(*model_, points[first]);
      if (work_.statistics) {
        work_.statistics->place(*model_, points[first], pause);
      }
      work_.programs ? evaluateGraph(points[first], values[first], pause)
                     : evaluateModel(points[first], values[first], pause);
    }
  }
  for (std::size_t i = 0; work_.wishes.gradientNorm && i < points.size(); ++i) {
    work_.slice.place(*model_, points[i]);
    if (work_.statistics) {
      work_.statistics->place(*model_, points[i], pause);
    }
    values[i].gradientNorm = gradientNormHere(pause);
  }
  return values;
}

void PointEvaluator::evaluateModel(std::span<const double>, PointValues& values,
                                   const std::function<void()>& pause) {
  values.loss =
      tarn::engine::evaluate(*model_, work_.batches, work_.experiment.loss, pause, work_.classes);
}

void PointEvaluator::evaluateGraph(std::span<const double> point, PointValues& values,
                                   const std::function<void()>& pause) {
  const at::NoGradGuard noGrad;
  const at::AutoDispatchBelowADInplaceOrView straight;  // past autograd: less work an operator
  const auto arguments = work_.programs->arguments(tensors_, work_.plan.batches.channelsLast);
  Tally tally(work_.experiment.loss, work_.classes);
  for (std::size_t i = 0; i < work_.batches.size(); ++i) {
    if (pause) {
      pause();
    }
    const auto& batch = work_.batches[i];
    const auto first =
        work_.firstOutputs ? work_.firstOutputs->at(i, point) : std::vector<at::Tensor>{};
    tally.add(work_.programs->of(batch).run(batch.inputs, arguments, first), batch.targets,
              /*plain=*/false);
  }
  values.loss = tally.result();
  values.loss.loss += decayOf(*model_, work_.experiment.loss);
}

void PointEvaluator::evaluateTogether(std::span<const std::vector<double>> points,
                                      std::span<PointValues> values,
                                      const std::function<void()>& pause) {
  const auto count = theta_.size(0);
  const auto axes = static_cast<std::int64_t>(work_.slice.dimension());
  const auto coefficients = at::empty({count, axes}, at::kDouble);
  // A call always has as many points: what a point's values are must not depend on the others.
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& point = points[std::min(static_cast<std::size_t>(i), points.size() - 1)];
    work_.slice.write(theta_[i], point);
    std::copy(point.begin(), point.end(), coefficients.data_ptr<double>() + i * axes);
  }
  std::vector<at::Tensor> outputs;  // of each batch: points × samples × …
  {
    const PointLayer layer(count);
    const auto& flat = model_->parameters().flat();
    std::vector<at::Tensor> tensors;
    for (const auto& tensor : tensors_) {
      if (!tensor.is_alias_of(flat)) {
        tensors.push_back(tensor);
        continue;
      }
      auto shape = tensor.sizes().vec();
      shape.insert(shape.begin(), count);
      const auto offset = tensor.storage_offset() - flat.storage_offset();
      tensors.push_back(layer.batched(theta_.narrow(1, offset, tensor.numel()).view(shape)));
    }
    // What is batched has no channels-last layout.
    const auto arguments = work_.programs->arguments(tensors, /*channelsLast=*/false);
    for (std::size_t i = 0; i < work_.batches.size(); ++i) {
      if (pause) {
        pause();
      }
      const auto& batch = work_.batches[i];
      std::vector<at::Tensor> first;
      if (work_.firstOutputs) {
        for (const auto& output :
             work_.firstOutputs->at(i, coefficients.to(model_->device(), model_->dtype()))) {
          first.push_back(layer.batched(output));
        }
      }
      outputs.push_back(
          layer.unbatched(work_.programs->of(batch).run(batch.inputs, arguments, first), count));
    }
  }
  std::vector<Tally> tallies(points.size(), Tally(work_.experiment.loss, work_.classes));
  const auto some = static_cast<std::int64_t>(points.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    Tally::addAll(tallies, outputs[i].narrow(0, 0, some), work_.batches[i].targets);
  }
  for (std::size_t k = 0; k < points.size(); ++k) {
    values[k].loss = tallies[k].result();
    if (work_.experiment.loss.decay > 0) {
      work_.slice.place(*model_, points[k]);
      values[k].loss.loss += decayOf(*model_, work_.experiment.loss);
    }
  }
}

double PointEvaluator::gradientNormHere(const std::function<void()>& pause) {
  auto& space = model_->parameters();
  auto gradient = at::zeros({space.size()}, at::kDouble);
  std::int64_t samples = 0;
  for (const auto& batch : work_.batches) {
    if (pause) {
      pause();
    }
    const auto loss = batchLoss(*model_, batch, work_.experiment.loss);
    const auto parts = torch::autograd::grad({loss}, space.leaves(), {}, /*retain_graph=*/false,
                                             /*create_graph=*/false, /*allow_unused=*/true);
    gradient.add_(space.flatten(parts).to(at::kDouble));
    samples += batch.size();
  }
  const at::NoGradGuard noGrad;
  const auto slopes = directions_.mv(gradient) / static_cast<double>(samples);
  if (!slopes.isfinite().all().item<bool>()) {
    return std::nan("");
  }
  // ‖P∇L‖² = sᵀG⁺s with the slopes s = D∇L and the Gram matrix G = DDᵀ.
  const auto gram = directions_.matmul(directions_.t());
  const auto square = slopes.dot(at::linalg_pinv(gram, 1e-12, /*hermitian=*/true).mv(slopes));
  return std::sqrt(std::max(square.item<double>(), 0.0));
}

}  // namespace tarn::engine
