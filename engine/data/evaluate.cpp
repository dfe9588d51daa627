#include "engine/data/evaluate.h"

#include <torch/torch.h>

#include "engine/data/batch_loss.h"

namespace tarn::engine {
namespace {

/// A model in training mode moves its buffers in every pass: an evaluation gives them back.
class KeptBuffers {
 public:
  explicit KeptBuffers(Model& model)
      : model_(model), values_(model.training() ? model.buffers() : at::Tensor()) {}
  ~KeptBuffers() {
    if (values_.defined()) {
      model_.setBuffers(values_);
    }
  }
  KeptBuffers(const KeptBuffers&) = delete;
  KeptBuffers& operator=(const KeptBuffers&) = delete;

 private:
  Model& model_;
  at::Tensor values_;
};

}  // namespace

Evaluation evaluate(Model& model, const std::vector<Batch>& batches, const Loss& loss,
                    const std::function<void()>& pause, std::int64_t classes) {
  const at::NoGradGuard noGrad;
  const KeptBuffers buffers(model);
  Tally tally(loss, classes);
  for (const auto& batch : batches) {
    if (pause) {
      pause();
    }
    if (loss.kind == Loss::model) {
      tally.add(ownBatchLoss(model, batch).item<double>(), batch.size());
    } else {
      tally.add(model.forward(batch.inputs), batch.targets, /*plain=*/true);
    }
  }
  auto result = tally.result();
  result.loss += decayOf(model, loss);
  return result;
}

double decayOf(const Model& model, const Loss& loss) {
  const at::NoGradGuard noGrad;
  return loss.decay > 0 ? 0.5 * loss.decay * model.parameters().squaredNorm().item<double>() : 0;
}

}  // namespace tarn::engine
