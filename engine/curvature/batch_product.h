#pragma once

#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/dataset.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// Which matrix of second order belongs to a loss.
enum class CurvatureMatrix {
  hessian,      ///< ∂²L/∂θ²
  gaussNewton,  ///< Σ JᵀH_zJ with J = ∂z/∂θ of the outputs z and H_z = ∂²ℓ/∂z²: never negative for
                ///< a loss that is convex in z (Schraudolph, Neural Computation 14, 2002)
};

/// How a product with it is made.
enum class ProductMethod {
  doubleBackward,       ///< the gradient's graph is differentiated (Pearlmutter, 1994): exact
  forwardOverReverse,   ///< a backward pass that carries forward derivatives: exact
  gradientDifferences,  ///< central differences along v: rounding^(2/3) of the model's precision
};

/// A direction in parameter space: flat, and as one view per leaf. Leaves that are undefined take
/// no part: nothing is differentiated by them.
struct LeafDirection {
  at::Tensor flat;
  std::vector<at::Tensor> perLeaf;
};

/// What a batch adds to a matrix–vector product, one tensor per leaf (undefined: zero). `again`
/// says that the same function will be called once more, so that what it has made must stay.
using BatchProduct =
    std::function<std::vector<at::Tensor>(const LeafDirection& direction, bool again)>;

/// The product of a batch's share of the mean loss over `samples` samples, at the model's θ. What
/// does not depend on the direction is computed here. The Gauss–Newton matrix is without the loss's
/// decay. Throws what LibTorch throws, and Error(unsupported) for what has no derivative at all.
BatchProduct batchProduct(Model& model, const Batch& batch, const Loss& loss, std::int64_t samples,
                          CurvatureMatrix matrix, ProductMethod method);

/// Jv of the model's outputs for a batch.
struct OutputSlopes {
  at::Tensor values;           ///< the outputs' shape and dtype
  bool byDifferences = false;  ///< a central difference: right to rounding^(2/3) of the precision
};

/// By one forward pass that carries tangents where the model's operators have forward derivatives,
/// else by a central difference. v is flat, of θ's dtype.
OutputSlopes outputsAlong(Model& model, const Batch& batch, const at::Tensor& v);

/// ∂/∂θ of the batch's loss divided by `samples`: one tensor per leaf, undefined where the loss
/// does not depend on it; with a graph of their own when they are to be differentiated.
std::vector<at::Tensor> batchGradient(Model& model, const Batch& batch, const Loss& loss,
                                      std::int64_t samples, bool differentiable);

}  // namespace tarn::engine
