#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A point x + t·d of a line.
struct LinePoint {
  double t = 0;
  double loss = 0;
  at::Tensor gradient;  ///< flat
  double slope = 0;     ///< gradient · d
};

struct LineSearch {
  LinePoint end;
  int evaluations = 0;
};

/// Looks for a point with the strong Wolfe conditions
///     f(t) ≤ f(0) + 10⁻⁴·t·f′(0)   and   |f′(t)| ≤ 0.9·|f′(0)|
/// by bracketing and cubic interpolation (Nocedal and Wright, Numerical Optimization,
/// algorithms 3.5 and 3.6) with the safeguards of LibTorch's LBFGS, and in as many evaluations: at
/// most 26. Where f is not finite it counts as too large. The end is the best point that was seen,
/// t = 0 included. `first` is the first t, `longest` the largest |d_i|: a bracket whose ends differ
/// by less than 10⁻⁹ in every parameter is not divided further.
LineSearch strongWolfe(const std::function<LinePoint(double t)>& evaluate, const LinePoint& start,
                       double first, double longest);

}  // namespace tarn::engine
