#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/curvature/batch_product.h"

namespace tarn::engine {

struct LossAndGradient {
  double loss = 0;
  at::Tensor gradient;  ///< flat, θ's dtype
};

/// What one number of each sample is, and how it changes with θ.
struct SampleRows {
  at::Tensor values;  ///< R numbers in float64
  at::Tensor rows;    ///< R×P, θ's dtype: the gradient of each
};

enum class SampleNumbers {
  losses,     ///< ℓ_i, the loss's decay included: one row a sample
  residuals,  ///< z − t of every output: R = samples × outputs
};

/// The mean loss of one step's batch as a function of θ, for rules that look further than at one
/// gradient. After every call, also one that throws, the model is where it was: θ, BatchNorm's
/// statistics and LibTorch's random numbers. Dropout drops the same as it did for the gradient that
/// the step was given. What is not finite is a result and no error.
///
/// All but outputsAlong() may throw Error(cancelled): a rule calls them before it changes anything
/// of its own, so that a step that was stopped has not happened.
class BatchFunction {
 public:
  virtual ~BatchFunction() = default;
  virtual std::int64_t samples() const = 0;
  virtual double loss(const at::Tensor& parameters) = 0;
  /// The gradient is clipped as the run's are.
  virtual LossAndGradient gradient(const at::Tensor& parameters) = 0;
  /// H·v or G·v (the loss's decay included) at the model's θ, which stays there between two
  /// products: flat float64. Throws Error(numerical) when it is not finite, Error(unsupported).
  virtual at::Tensor product(const at::Tensor& v, CurvatureMatrix matrix) = 0;
  /// At the model's θ, sample by sample.
  virtual SampleRows sampleRows(SampleNumbers numbers) = 0;
  /// J·v of the model's outputs at its θ: outputs' shape.
  virtual at::Tensor outputsAlong(const at::Tensor& v) = 0;
};

}  // namespace tarn::engine
