#include "engine/data/evaluate.h"

#include <cmath>
#include <limits>

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
                    const std::function<void()>& pause) {
  const at::NoGradGuard noGrad;
  const KeptBuffers buffers(model);
  double total = 0;
  double correct = 0;
  std::int64_t samples = 0;
  for (const auto& batch : batches) {
    if (pause) {
      pause();
    }
    const auto result = runBatch(model, batch, loss);
    total += result.loss.item<double>();
    samples += batch.size();
    if (loss.classifies()) {
      correct += countCorrect(result.outputs, batch.targets);
    }
  }
  const auto count = static_cast<double>(samples);
  Evaluation result{total / count, std::nullopt};
  if (loss.classifies()) {
    result.accuracy =
        std::isnan(result.loss) ? std::numeric_limits<double>::quiet_NaN() : correct / count;
  }
  return result;
}

}  // namespace tarn::engine
