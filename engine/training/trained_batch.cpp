#include "engine/training/trained_batch.h"

#include <utility>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include "engine/data/batch_loss.h"
#include "engine/data/model_check.h"

namespace tarn::engine {
namespace {

at::Tensor randomState() {
  return at::detail::getDefaultCPUGenerator().get_state();
}

void setRandomState(const at::Tensor& state) {
  at::Generator(at::detail::getDefaultCPUGenerator()).set_state(state);
}

std::vector<at::Tensor> slopesOf(const at::Tensor& value, const std::vector<at::Tensor>& leaves,
                                 bool again = false) {
  return torch::autograd::grad({value}, leaves, {}, again, /*create_graph=*/false,
                               /*allow_unused=*/true);
}

}  // namespace

BatchSlope batchSlope(Model& model, const Batch& batch, const Loss& loss) {
  const at::AutoGradMode gradientsOn(true);
  const BatchResult result = runBatch(model, batch, loss);
  const at::Tensor mean = result.loss / static_cast<double>(batch.size());
  if (!mean.requires_grad()) {
    throw notDifferentiable(model, batch, loss);
  }
  const ParameterSpace& space = model.parameters();
  return {mean.item<double>(), space.flatten(slopesOf(mean, space.leaves())),
          result.outputs.defined() ? result.outputs.detach() : at::Tensor()};
}

at::Tensor clipped(const at::Tensor& gradient, double longest) {
  const double norm = longest > 0 ? gradient.norm().item<double>() : 0;
  return norm > longest ? gradient * (longest / norm) : gradient;
}

StepStart StepStart::of(const Model& model) {
  return {model.parameters().flat().clone(), model.buffers(), randomState()};
}

void StepStart::restore(Model& model) const {
  model.parameters().set(parameters);
  model.setBuffers(buffers);
  setRandomState(random);
}

/// While it lives the model draws what it drew for the step's own gradient; then θ, buffers and
/// random numbers are again as they were before.
class TrainedBatch::Again {
 public:
  explicit Again(TrainedBatch& batch)
      : model_(batch.model_), before_(StepStart::of(batch.model_)), random_(batch.start_.random) {
    begin();
  }
  ~Again() { before_.restore(model_); }
  Again(const Again&) = delete;
  Again& operator=(const Again&) = delete;

  void begin() const { setRandomState(random_); }

 private:
  Model& model_;
  StepStart before_;
  const at::Tensor& random_;
};

TrainedBatch::TrainedBatch(Model& model, const Batch& batch, const Loss& loss,
                           const StepStart& start, Options options)
    : model_(model), batch_(batch), loss_(loss), start_(start), options_(std::move(options)) {}

void TrainedBatch::pause() const {
  if (options_.pause) {
    options_.pause();
  }
}

double TrainedBatch::loss(const at::Tensor& parameters) {
  pause();
  const Again again(*this);
  model_.parameters().set(parameters);
  const at::NoGradGuard noGrad;
  return batchLoss(model_, batch_, loss_).item<double>() / static_cast<double>(samples());
}

LossAndGradient TrainedBatch::gradient(const at::Tensor& parameters) {
  pause();
  const Again again(*this);
  model_.parameters().set(parameters);
  const BatchSlope found = batchSlope(model_, batch_, loss_);
  return {found.loss, clipped(found.gradient, options_.clip)};
}

std::unique_ptr<Hessian> TrainedBatch::makeHessian(CurvatureMatrix matrix) {
  HessianOptions options;
  options.matrix = matrix;
  // A kept graph holds BatchNorm's statistics, which every pass changes and puts back.
  options.keepBytes = model_.bufferCount() > 0   ? 0
                      : options_.memoryBytes > 0 ? options_.memoryBytes
                                                 : std::uint64_t{1} << 30U;
  options.smallerBatches = model_.batchNormLayers() == 0 && loss_.kind != Loss::model;
  // Called before each pass over the batch, so that the graph that is kept drops the same.
  options.pause = [this] {
    pause();
    setRandomState(start_.random);
  };
  return std::make_unique<Hessian>(model_, Dataset{batch_.inputs, batch_.targets, {}}, BatchPlan{},
                                   loss_, std::move(options));
}

at::Tensor TrainedBatch::product(const at::Tensor& v, CurvatureMatrix matrix) {
  const Again again(*this);
  if (!hessian_ || hessian_->kind() != matrix) {
    hessian_ = makeHessian(matrix);
  }
  return hessian_->product(v);
}

SampleRows TrainedBatch::sampleRows(SampleNumbers numbers) {
  const Again again(*this);
  const at::AutoGradMode gradientsOn(true);
  const ParameterSpace& space = model_.parameters();
  std::vector<at::Tensor> values;
  at::Tensor rows;
  for (std::int64_t i = 0; i < samples(); ++i) {
    pause();
    const Batch one{batch_.inputs.narrow(i, 1), batch_.targets.narrow(0, i, 1)};
    const at::Tensor found =
        numbers == SampleNumbers::losses
            ? batchLoss(model_, one, loss_).reshape({1})
            : (model_.forward(one.inputs).to(at::kDouble) - one.targets).flatten();
    if (!found.requires_grad()) {
      throw notDifferentiable(model_, one, loss_);
    }
    const std::int64_t count = found.numel();
    if (!rows.defined()) {
      rows = at::empty({samples() * count, space.size()}, space.flat().options());
    }
    for (std::int64_t k = 0; k < count; ++k) {
      rows[i * count + k].copy_(
          space.flatten(slopesOf(found[k], space.leaves(), /*again=*/k + 1 < count)));
    }
    values.push_back(found.detach());
  }
  return {at::cat(values), rows};
}

at::Tensor TrainedBatch::outputsAlong(const at::Tensor& v) {
  const Again again(*this);
  const OutputSlopes found = engine::outputsAlong(model_, batch_, v.to(model_.dtype()));
  if (found.byDifferences && options_.remark) {
    options_.remark(
        "The model has an operator without a forward derivative: how its outputs change along a "
        "step is found by central differences, right to about " +
        std::string(model_.dtype() == at::kDouble ? "1e-10" : "1e-5") + " of their size.");
  }
  return found.values;
}

}  // namespace tarn::engine
