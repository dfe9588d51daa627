#include "engine/data/loss.h"

#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// z_t of every position, or 0 where the target does not count: `outputs` P×C, `targets` P.
at::Tensor atTargets(const at::Tensor& outputs, const at::Tensor& targets) {
  return outputs.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);
}

at::Tensor classLoss(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets) {
  const auto z = outputs.reshape({-1, outputs.size(-1)});
  const auto chosen = atTargets(z, targets.reshape({-1}));
  if (loss.kind == Loss::nll) {
    return meanPerSample(-chosen, targets);
  }
  if (loss.smoothing > 0) {
    return meanPerSample(
        z.logsumexp(1) - (1 - loss.smoothing) * chosen - loss.smoothing * z.mean(1), targets);
  }
  return meanPerSample(z.logsumexp(1) - chosen, targets);
}

at::Tensor perOutput(const Loss& loss, const at::Tensor& z, const at::Tensor& t) {
  switch (loss.kind) {
    case Loss::mse:
      return (z - t).square();
    case Loss::bceLogits:
      // log(1 + eᶻ) as a logsumexp: all its derivatives are finite, and right at z = 0.
      return at::stack({z, at::zeros_like(z)}, -1).logsumexp(-1) - z * t;
    case Loss::l1:
      return (z - t).abs();
    case Loss::huber: {
      const auto e = (z - t).abs();
      return at::where(e <= loss.delta, 0.5 * (z - t).square(),
                       loss.delta * (e - 0.5 * loss.delta));
    }
    default:
      throw Error(ErrorCode::internal, "The loss " + toString(loss) + " has no loss per output.");
  }
}

}  // namespace

at::Tensor meanPerSample(const at::Tensor& perPosition, const at::Tensor& targets) {
  const auto samples = targets.size(0);
  if (targets.numel() == samples) {
    return perPosition;
  }
  const auto counted = targets.reshape({samples, -1}).ne(ignoredLabel);
  const auto values = perPosition.view({samples, -1});
  return at::where(counted, values, at::zeros_like(values)).sum(1) / counted.sum(1);
}

at::Tensor lossPerSample(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets) {
  const auto z = outputs.to(at::kDouble);
  return loss.classifies() ? classLoss(loss, z, targets)
                           : perOutput(loss, z, targets.to(at::kDouble)).flatten(1).mean(1);
}

at::Tensor rightPerSample(const at::Tensor& outputs, const at::Tensor& targets) {
  const auto right = outputs.argmax(-1).reshape(targets.sizes()).eq(targets);
  return meanPerSample(right.reshape({-1}).to(at::kDouble), targets);
}

double countCorrect(const at::Tensor& outputs, const at::Tensor& targets) {
  return rightPerSample(outputs, targets).sum().item<double>();
}

void requireFit(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets) {
  const auto shapes = "the model's output has shape " + shapeText(outputs.sizes()) +
                      ", the targets have " + shapeText(targets.sizes());
  if (!outputs.is_floating_point()) {
    throw Error(ErrorCode::badInput,
                std::string("The model's output is of type ") +
                    at::toString(outputs.scalar_type()) + "; a loss needs floating-point numbers.",
                "Export the model so that it returns logits or values, not decisions.");
  }
  if (!loss.classifies()) {
    if (outputs.dim() < 1 || outputs.sizes() != targets.sizes()) {
      throw Error(ErrorCode::badInput,
                  "The loss " + toString(loss) + " needs equal shapes, but " + shapes + ".",
                  "Use targets of the output's shape, or cross-entropy for class labels.");
    }
    return;
  }
  const bool fit = outputs.dim() >= 2 && outputs.size(0) == targets.size(0) &&
                   (outputs.sizes().slice(0, outputs.dim() - 1) == targets.sizes() ||
                    (outputs.dim() == 2 && targets.numel() == targets.size(0)));
  if (!fit) {
    throw Error(ErrorCode::badInput,
                "The loss " + toString(loss) +
                    " needs outputs samples×classes and one label a sample, or "
                    "samples×positions×classes and a label for every position, but " +
                    shapes + ".",
                "Use integer class labels of that shape, or the loss mse for values.");
  }
}

}  // namespace tarn::engine
