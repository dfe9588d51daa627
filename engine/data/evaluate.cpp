#include "engine/data/evaluate.h"

#include <cmath>
#include <limits>

#include <torch/torch.h>

namespace tarn::engine {

Evaluation evaluate(Model& model, const std::vector<Batch>& batches, Loss loss,
                    const std::function<void()>& pause) {
  const at::NoGradGuard noGrad;
  double total = 0;
  std::int64_t samples = 0;
  std::int64_t correct = 0;
  for (const auto& batch : batches) {
    if (pause) {
      pause();
    }
    const auto outputs = model.forward(batch.inputs);
    total += lossPerSample(loss, outputs, batch.targets).sum().item<double>();
    samples += batch.size();
    if (loss == Loss::crossEntropy) {
      correct += countCorrect(outputs, batch.targets);
    }
  }
  const auto count = static_cast<double>(samples);
  Evaluation result{total / count, std::nullopt};
  if (loss == Loss::crossEntropy) {
    result.accuracy = std::isnan(result.loss) ? std::numeric_limits<double>::quiet_NaN()
                                              : static_cast<double>(correct) / count;
  }
  return result;
}

}  // namespace tarn::engine
