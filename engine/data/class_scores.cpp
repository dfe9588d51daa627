#include "engine/data/class_scores.h"

#include <cmath>

#include <ATen/ATen.h>

#include "engine/data/class_scores_kernel.h"
#include "engine/data/vector_code.h"

namespace tarn::engine {
namespace {

/// What scoresTogether() gives, of one row whose outputs may be anything.
template <typename Real>
void scoresAlone(const Real* z, std::int64_t classes, std::int64_t label, double& sum,
                 double& atLabel, double& right) {
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
  right = best == label ? 1 : 0;
}

/// The rows' sums, what they have at their labels, and whether their largest is there.
template <typename Real>
void scores(const at::Tensor& outputs, const std::int64_t* labels, double* sums, double* atLabel,
            double* right) {
  const auto* z = outputs.const_data_ptr<Real>();
  const auto rows = outputs.size(0);
  const auto classes = outputs.size(1);
  const bool together = vectorCodeRuns();
  for (std::int64_t i = 0; i < rows;) {
    if (together && i + scoreLane <= rows &&
        scoresTogether(z + i * classes, classes, labels + i, sums + i, atLabel + i, right + i)) {
      i += scoreLane;
    } else {
      scoresAlone(z + i * classes, classes, labels[i], sums[i], atLabel[i], right[i]);
      ++i;
    }
  }
}

}  // namespace

bool hasQuickScores(const Loss& loss) {
  return loss.kind == Loss::crossEntropy && loss.smoothing == 0;
}

ClassScores quickScores(const at::Tensor& outputs, const at::Tensor& targets) {
  const auto type = outputs.scalar_type() == at::kFloat ? at::kFloat : at::kDouble;
  const auto z = outputs.to(type).reshape({-1, outputs.size(-1)}).contiguous();
  const auto labels = targets.reshape({-1}).clamp_min(0).contiguous();  // ignored ones are below
  const auto rows = z.size(0);
  const auto losses = at::empty({rows}, at::kDouble);
  const auto atLabel = at::empty({rows}, at::kDouble);
  const auto right = at::empty({rows}, at::kDouble);
  const auto run = type == at::kFloat ? scores<float> : scores<double>;
  run(z, labels.const_data_ptr<std::int64_t>(), losses.data_ptr<double>(),
      atLabel.data_ptr<double>(), right.data_ptr<double>());
  losses.log_().sub_(atLabel);
  return {meanPerSample(losses, targets), meanPerSample(right, targets)};
}

}  // namespace tarn::engine
