#include "engine/landscape/normalization.h"

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// target rows ← rows · ‖weight row‖/‖row‖; rows of zeros stay zero.
void fitRows(at::Tensor target, const at::Tensor& weights) {
  const auto lengths = target.norm(2, {1}, true);
  const auto factors = weights.norm(2, {1}, true) / lengths;
  target.mul_(at::where(lengths > 0, factors, at::zeros_like(factors)));
}

}  // namespace

Normalization normalizationFromWord(const std::string& word) {
  if (word == "none") {
    return Normalization::none;
  }
  if (word == "layer") {
    return Normalization::layer;
  }
  if (word == "filter") {
    return Normalization::filter;
  }
  if (word == "model") {
    return Normalization::model;
  }
  throw Error(ErrorCode::usage, "There is no normalization '" + word + "'.",
              "Choose none, layer, filter or model.");
}

at::Tensor normalized(const at::Tensor& direction, const ParameterSpace& space,
                      Normalization normalization) {
  const at::NoGradGuard noGrad;
  const auto weights = space.flat().to(at::kDouble);
  auto result = direction / direction.norm();
  if (normalization == Normalization::none) {
    return result;
  }
  if (normalization == Normalization::model) {
    return result * weights.norm();
  }
  for (const auto& group : space.groups()) {
    auto part = space.view(result, group);
    if (group.shape.size() < 2 || group.size == 0) {
      part.zero_();
      continue;
    }
    const auto rows = normalization == Normalization::filter ? group.shape[0] : 1;
    fitRows(part.view({rows, -1}), space.view(weights, group).view({rows, -1}));
  }
  return result;
}

}  // namespace tarn::engine
