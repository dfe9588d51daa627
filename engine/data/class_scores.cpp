#include "engine/data/class_scores.h"

#include <cmath>

#include <ATen/ATen.h>

#include "engine/data/class_scores_kernel.h"
#include "engine/data/vector_code.h"

namespace tarn::engine {
namespace {

/// What scoresTogether() gives, of one sample whose outputs may be anything.
template <typename Real>
void scoresAlone(const Real* z, std::int64_t classes, std::int64_t label, double& sum,
                 double& atLabel, double& correct) {
  std::int64_t best = 0;
  for (std::int64_t k = 1; k < classes; ++k) {
    best = z[k] > z[best] ? k : best;
  }
  const double top = std::isinf(z[best]) ? 0 : static_cast<double>(z[best]);
  sum = 0;
  for (std::int64_t k = 0; k < classes; ++k) {
    sum += std::exp(static_cast<double>(z[k]) - top);
  }
  atLabel = static_cast<double>(z[label]) - top;
  correct += best == label ? 1 : 0;
}

/// The samples' sums and what they have at their labels; returns how many have their largest there.
template <typename Real>
double scores(const at::Tensor& outputs, const std::int64_t* labels, double* sums,
              double* atLabel) {
  const auto* z = outputs.const_data_ptr<Real>();
  const auto rows = outputs.size(0);
  const auto classes = outputs.size(1);
  const bool together = vectorCodeRuns();
  double correct = 0;
  for (std::int64_t i = 0; i < rows;) {
    std::int64_t some = 0;
    if (together && i + scoreLane <= rows &&
        scoresTogether(z + i * classes, classes, labels + i, sums + i, atLabel + i, some)) {
      correct += static_cast<double>(some);
      i += scoreLane;
    } else {
      scoresAlone(z + i * classes, classes, labels[i], sums[i], atLabel[i], correct);
      ++i;
    }
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
  ClassScores result{at::empty({rows}, at::kDouble), 0};
  const auto atLabel = at::empty({rows}, at::kDouble);
  const auto* label = labels.const_data_ptr<std::int64_t>();
  auto* losses = result.losses.data_ptr<double>();
  auto* chosen = atLabel.data_ptr<double>();
  result.correct = z.scalar_type() == at::kFloat ? scores<float>(z, label, losses, chosen)
                                                 : scores<double>(z, label, losses, chosen);
  result.losses.log_();
  for (std::int64_t i = 0; i < rows; ++i) {
    losses[i] -= chosen[i];
  }
  return result;
}

}  // namespace tarn::engine
