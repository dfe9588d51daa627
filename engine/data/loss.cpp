#include "engine/data/loss.h"

#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {

Loss lossFromWord(const std::string& word) {
  if (word == "cross-entropy") {
    return Loss::crossEntropy;
  }
  if (word == "mse") {
    return Loss::mse;
  }
  throw Error(ErrorCode::unsupported, "There is no loss '" + word + "'.",
              "Choose cross-entropy or mse.");
}

std::string_view toString(Loss loss) {
  return loss == Loss::crossEntropy ? "cross-entropy" : "mse";
}

at::Tensor lossPerSample(Loss loss, const at::Tensor& outputs, const at::Tensor& targets) {
  const auto z = outputs.to(at::kDouble);
  if (loss == Loss::crossEntropy) {
    return z.logsumexp(1) - z.gather(1, targets.unsqueeze(1)).squeeze(1);
  }
  return (z - targets.to(at::kDouble)).square().flatten(1).mean(1);
}

std::int64_t countCorrect(const at::Tensor& outputs, const at::Tensor& targets) {
  return outputs.argmax(1).eq(targets).sum().item<std::int64_t>();
}

void requireFit(Loss loss, const at::Tensor& outputs, const at::Tensor& targets) {
  const auto shapes = "the model's output has shape " + shapeText(outputs.sizes()) +
                      ", the targets have " + shapeText(targets.sizes());
  if (!outputs.is_floating_point()) {
    throw Error(ErrorCode::badInput,
                std::string("The model's output is of type ") +
                    at::toString(outputs.scalar_type()) + "; a loss needs floating-point numbers.",
                "Export the model so that it returns logits or values, not decisions.");
  }
  if (loss == Loss::mse) {
    if (outputs.dim() < 1 || outputs.sizes() != targets.sizes()) {
      throw Error(ErrorCode::badInput, "The loss mse needs equal shapes, but " + shapes + ".",
                  "Use targets of the output's shape, or cross-entropy for class labels.");
    }
    return;
  }
  if (outputs.dim() != 2 || targets.dim() != 1 || outputs.size(0) != targets.size(0)) {
    throw Error(
        ErrorCode::badInput,
        "The loss cross-entropy needs outputs samples×classes and one label a sample, but " +
            shapes + ".",
        "Use integer class labels of shape samples, or the loss mse for values.");
  }
}

}  // namespace tarn::engine
