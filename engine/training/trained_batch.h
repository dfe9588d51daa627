#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/curvature/hessian.h"
#include "engine/data/dataset.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"
#include "engine/optim/batch_function.h"

namespace tarn::engine {

/// The mean loss of a batch, its gradient (flat, θ's dtype) and the outputs (undefined under the
/// loss `model`), at the model's θ and in its mode.
struct BatchSlope {
  double loss = 0;
  at::Tensor gradient;
  at::Tensor outputs;
};

/// Throws as runBatch(), and Error(unsupported) when the loss has no derivative.
BatchSlope batchSlope(Model& model, const Batch& batch, const Loss& loss);

/// The gradient, or one of the length `longest` when it is longer; 0: any length.
at::Tensor clipped(const at::Tensor& gradient, double longest);

/// Where a step begins, so that the same can be computed again and a step can be undone.
struct StepStart {
  at::Tensor parameters;
  at::Tensor buffers;
  at::Tensor random;  ///< the state of LibTorch's generator on the CPU

  static StepStart of(const Model& model);
  void restore(Model& model) const;
};

/// The batch of one training step as a function of θ.
class TrainedBatch : public BatchFunction {
 public:
  struct Options {
    double clip = 0;                ///< the largest gradient norm; 0: any
    std::uint64_t memoryBytes = 0;  ///< what kept graphs may take; 0: a gibibyte
    std::function<void()> pause;    ///< called before each evaluation; may throw to stop
    std::function<void(const std::string&)> remark;  ///< told what is less exact than is usual
  };

  /// All are used as long as this lives. `start` is of before the step's own gradient was made.
  TrainedBatch(Model& model, const Batch& batch, const Loss& loss, const StepStart& start,
               Options options);

  std::int64_t samples() const override { return batch_.size(); }
  double loss(const at::Tensor& parameters) override;
  LossAndGradient gradient(const at::Tensor& parameters) override;
  at::Tensor product(const at::Tensor& v, CurvatureMatrix matrix) override;
  SampleRows sampleRows(SampleNumbers numbers) override;
  at::Tensor outputsAlong(const at::Tensor& v) override;

 private:
  class Again;

  void pause() const;
  std::unique_ptr<Hessian> makeHessian(CurvatureMatrix matrix);

  Model& model_;
  const Batch& batch_;
  const Loss& loss_;
  const StepStart& start_;
  Options options_;
  std::unique_ptr<Hessian> hessian_;  ///< made for the first product
};

}  // namespace tarn::engine
