#include "engine/data/class_scores.h"

#include <cmath>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

/// Shifts every row by its largest output and says how many rows have it at their label.
template <typename Real>
double shift(const at::Tensor& outputs, const std::int64_t* label, double* shifted,
             double* atLabel) {
  const auto* z = outputs.const_data_ptr<Real>();
  const auto rows = outputs.size(0);
  const auto classes = outputs.size(1);
  double correct = 0;
  for (std::int64_t i = 0; i < rows; ++i, z += classes, shifted += classes) {
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < classes; ++k) {
      best = z[k] > z[best] ? k : best;
    }
    correct += best == label[i] ? 1 : 0;
    const double top = std::isinf(z[best]) ? 0 : static_cast<double>(z[best]);
    for (std::int64_t k = 0; k < classes; ++k) {
      shifted[k] = static_cast<double>(z[k]) - top;
    }
    atLabel[i] = shifted[label[i]];
  }
  return correct;
}

}  // namespace

bool hasQuickScores(const Loss& loss, const at::Tensor& outputs, const at::Tensor& targets) {
  return loss.kind == Loss::crossEntropy && loss.smoothing == 0 && outputs.dim() == 2 &&
         targets.numel() == outputs.size(0);
}

ClassScores quickScores(const at::Tensor& outputs, const at::Tensor& targets) {
  const auto z = outputs.contiguous();
  const auto labels = targets.reshape({-1}).contiguous();
  const auto rows = z.size(0);
  const auto classes = z.size(1);
  const auto shifted = at::empty({rows, classes}, at::kDouble);
  ClassScores result{at::empty({rows}, at::kDouble), 0};
  const auto* label = labels.const_data_ptr<std::int64_t>();
  auto* losses = result.losses.data_ptr<double>();
  result.correct = z.scalar_type() == at::kFloat
                       ? shift<float>(z, label, shifted.data_ptr<double>(), losses)
                       : shift<double>(z, label, shifted.data_ptr<double>(), losses);
  shifted.exp_();
  const auto* terms = shifted.const_data_ptr<double>();
  for (std::int64_t i = 0; i < rows; ++i, terms += classes) {
    double sum = 0;
    for (std::int64_t k = 0; k < classes; ++k) {
      sum += terms[k];
    }
    losses[i] = std::log(sum) - losses[i];
  }
  return result;
}

}  // namespace tarn::engine
