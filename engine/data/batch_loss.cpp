#include "engine/data/batch_loss.h"

#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {

at::Tensor ownBatchLoss(Model& model, const Batch& batch) {
  const bool wanted = at::GradMode::is_enabled();
  const at::AutoGradMode gradients(wanted || model.differentiates());
  auto loss = model.forward(batch.inputs.detachedWith(batch.targets));
  if (loss.numel() != 1 || !loss.is_floating_point()) {
    throw Error(ErrorCode::badInput,
                "Under the loss model, forward has to return one number, the loss of its batch, "
                "but it returned " +
                    std::string(at::toString(loss.scalar_type())) + " of shape " +
                    shapeText(loss.sizes()) + ".",
                "Return the mean over the samples, or choose another loss.");
  }
  loss = loss.reshape({}).to(at::kDouble) * static_cast<double>(batch.size());
  return wanted ? loss : loss.detach();
}

BatchResult runBatch(Model& model, const Batch& batch, const Loss& loss) {
  BatchResult result;
  if (loss.kind == Loss::model) {
    result.loss = ownBatchLoss(model, batch);
  } else {
    result.outputs = model.forward(batch.inputs);
    result.loss = lossPerSample(loss, result.outputs, batch.targets).sum();
  }
  if (loss.decay > 0) {
    result.loss = result.loss + 0.5 * loss.decay * static_cast<double>(batch.size()) *
                                    model.parameters().squaredNorm();
  }
  return result;
}

at::Tensor batchLoss(Model& model, const Batch& batch, const Loss& loss) {
  return runBatch(model, batch, loss).loss;
}

}  // namespace tarn::engine
