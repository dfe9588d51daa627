#include "ui/scene/curve_smoothing.h"

#include <cmath>

namespace tarn::ui {

std::vector<double> smoothed(const std::vector<double>& values, double smoothing) {
  std::vector<double> averages = values;
  double moment = 0;
  double left = 1;  // s^k
  for (double& value : averages) {
    if (std::isfinite(value)) {
      moment = smoothing * moment + (1 - smoothing) * value;
      left *= smoothing;
      value = moment / (1 - left);
    }
  }
  return averages;
}

double smoothingOf(const CurvePoints& curve, CurvePart part, bool heldOut,
                   std::optional<double> wish) {
  if (part == CurvePart::rate || part == CurvePart::smad || heldOut) {
    return 0;
  }
  if (wish) {
    return *wish;
  }
  const bool often = curve.epochs.size() > 1 && curve.epochs[1] - curve.epochs[0] < 1;
  return often ? kUsualSmoothing : 0;
}

}  // namespace tarn::ui
