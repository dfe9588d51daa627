#pragma once

#include <optional>
#include <vector>

#include "ui/scene/curve_data.h"

namespace tarn::ui {

/// How much curves of minibatches are smoothed when nobody says, and the most that curves can be.
inline constexpr double kUsualSmoothing = 0.8;
inline constexpr double kMostSmoothing = 0.99;

/// The debiased exponential moving average of values in their order:
///
///     m_k = s m_{k−1} + (1 − s) x_k,  m_0 = 0,  y_k = m_k / (1 − s^k)
///
/// so that y_k is a weighted mean of x_1 … x_k in which each weighs s times the next one (Kingma
/// and Ba, Adam, 2015, section 3, for the correction). A value that is not finite stays as it is,
/// and the average goes on behind it as if it were not there. s from 0 (the values themselves) to
/// less than 1.
std::vector<double> smoothed(const std::vector<double>& values, double smoothing);

/// How much a curve is smoothed: as is wished, or when nobody says kUsualSmoothing where there is
/// more than one value an epoch. What was measured on samples held out is exact and comes once an
/// epoch or less often: an average of as many values would lag behind that of the minibatches. It
/// is never smoothed, and neither are SMAD, which is as exact, and the learning rate, which is set
/// and not measured.
double smoothingOf(const CurvePoints& curve, CurvePart part, bool heldOut,
                   std::optional<double> wish);

}  // namespace tarn::ui
